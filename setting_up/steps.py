"""A step of the set-up: a command whose output is kept, and of which a terminal shows the newest line."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time

from .outside import surroundings


def call(
    command: list[str], cwd: str | None = None, lock: int | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a step to its end, or stop it when this process is stopped.

    `lock` is a descriptor for the step to keep open (`lock.alone`).
    """
    shown = _Newest()
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=surroundings(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        pass_fds=() if lock is None or os.name == "nt" else (lock,),
        process_group=None if os.name == "nt" else 0,
    ) as process:
        assert process.stdout is not None
        lines = []
        try:
            for line in process.stdout:
                lines.append(line)
                shown.show(line)
        except BaseException:
            _end(process)
            raise
        finally:
            shown.wipe()
    return subprocess.CompletedProcess(command, process.returncode, stdout="".join(lines))


def _end(process: subprocess.Popen[str]) -> None:
    """End the step and all that it began, which would write on into .venv: pip and venv begin others."""
    if sys.platform == "win32":
        process.kill()
        return
    for number, patience in ((signal.SIGTERM, 3.0), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)


class _Newest:
    """The newest line of a step, at a terminal only; each takes the place of the one before."""

    def __init__(self) -> None:
        self.began = time.monotonic()
        self.wanted = sys.stderr is not None and sys.stderr.isatty()

    def show(self, line: str) -> None:
        text = line.strip()
        if self.wanted and text:
            width = shutil.get_terminal_size().columns - 1
            self._write(f"{time.monotonic() - self.began:4.0f} s  {text}"[:width])

    def wipe(self) -> None:
        if self.wanted:
            self._write("")

    def _write(self, text: str) -> None:
        sys.stderr.write(f"\r\x1b[K{text}")
        sys.stderr.flush()
