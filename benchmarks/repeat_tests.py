"""Run tests again and again, on a busy machine too: which of them fail by luck?

By default every test file that waits, kills, times or starts something is run; a PATTERN is whatever
pytest takes (a file, a test), or a part of a file's name. Linux and macOS.
"""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from benchmarks.common import ROOT

RESTS_ON_LUCK = re.compile(
    r"sleep\(|timeout|until|kill|Thread|subprocess|Popen|monotonic|perf_counter|/proc|socket|needs_browser"
    r"|default_rng\(\)|WorkerPool|listening|answering|threads="
)
BUSY = "while True: pass"


def chosen(patterns: list[str]) -> list[str]:
    """What pytest is to run, a call for each."""
    files = sorted((ROOT / "tests").glob("test_*.py"))
    if not patterns:
        return [str(file) for file in files if RESTS_ON_LUCK.search(file.read_text(encoding="utf-8"))]
    found = []
    for pattern in patterns:
        if (ROOT / pattern.partition("::")[0]).is_file():
            found.append(pattern)
        else:
            found += [str(file) for file in files if pattern in file.name]
    return found


def failures(what: str, patience: float) -> tuple[list[str], str]:
    """The tests that fail when `what` is run once, and what pytest says of it."""
    with tempfile.TemporaryDirectory() as folder:
        report, said = Path(folder, "report.xml"), Path(folder, "said.txt")
        command = [
            sys.executable,
            "-P",
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--junitxml={report}",
        ]
        with said.open("wb") as into:
            process = subprocess.Popen(
                [*command, what], cwd=ROOT, stdout=into, stderr=into, start_new_session=True
            )
        wrong = []
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            wrong = [f"{what}: not done in {patience:.0f} s"]
        finally:
            if process.poll() is None:  # with all that it has started
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if report.exists():
            cases = ElementTree.parse(report).iter("testcase")
            wrong = [
                f"{case.get('classname')}::{case.get('name')}"
                for case in cases
                if case.find("failure") is not None or case.find("error") is not None
            ]
        elif not wrong:
            wrong = [f"{what}: pytest ended with {process.returncode}"]
        return wrong, said.read_text(encoding="utf-8", errors="replace")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "patterns", nargs="*", metavar="PATTERN", help="what to run; default: all that rest on luck"
    )
    parser.add_argument("--times", type=int, default=30, help="runs of each (default %(default)s)")
    parser.add_argument("--load", action="store_true", help="with a busy process beside it for each core")
    parser.add_argument(
        "--patience", type=float, default=900.0, help="seconds a run may take (default %(default)s)"
    )
    options = parser.parse_args()
    cores = os.cpu_count() or 1
    busy = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(cores if options.load else 0)]
    counted: Counter[str] = Counter()
    try:
        for what in chosen(options.patterns):
            before = counted.total()
            for _ in range(options.times):
                failed, said = failures(what, options.patience)
                counted.update(failed)
                if failed:
                    print(said, file=sys.stderr, flush=True)
            print(f"{what}: {options.times} times, {counted.total() - before} failures", flush=True)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    for test, times in counted.most_common():
        print(f"{times} of {options.times}  {test}")
    return 1 if counted else 0


if __name__ == "__main__":
    sys.exit(main())
