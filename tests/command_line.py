"""The command line as tests call it."""

from __future__ import annotations

from typer.testing import CliRunner, Result

from local_citizenship.app.cli import app


def call(*arguments: object) -> Result:
    """What a command leaves."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def told(result: Result) -> str:
    """What a mistake printed: one sentence, on standard error alone."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr
