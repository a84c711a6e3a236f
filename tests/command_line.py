"""The command line as tests call it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from typer.testing import CliRunner, Result

from local_citizenship.app.cli import app


def call(*arguments: object) -> Result:
    """What a command leaves."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def worked(*arguments: object, code: int = 0) -> Result:
    """What a command leaves that ends with this status."""
    result = call(*arguments)
    assert result.exit_code == code, result.output
    return result


def told(result: Result) -> str:
    """What a mistake printed: one sentence, on standard error alone."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr


def process(code: str, *arguments: object, cwd: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run Python code in a process of its own, which ends with the command line's main()."""
    code += "\nfrom local_citizenship.app.cli import main\nmain()"
    command = [sys.executable, "-c", code, *(str(a) for a in arguments)]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=900)
    assert done.returncode == status, done.stderr
    return done


def one_sentence(*arguments: object, cwd: Path, code: str = "") -> str:
    """What a process that ends with a mistake tells of it."""
    done = process(code, *arguments, cwd=cwd, status=2)
    assert (done.stdout, done.stderr.count("\n")) == ("", 1)
    return done.stderr
