"""The bar over many runs: what it says first, and that it is silent where it is not wanted."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from local_citizenship.agents import code_cache
from local_citizenship.app.progress import COMPILING, RunsProgress


def shown(monkeypatch: pytest.MonkeyPatch, *, cold: bool, terminal: bool = True, quiet: bool = False) -> str:
    monkeypatch.setattr(code_cache, "cache_is_cold", lambda: cold)
    text = io.StringIO()
    with RunsProgress(Console(file=text, force_terminal=terminal, width=120), quiet=quiet):
        pass
    return text.getvalue()


def test_it_says_that_the_rules_are_compiled_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    assert COMPILING in shown(monkeypatch, cold=True)
    warm = shown(monkeypatch, cold=False)
    assert "Running ..." in warm
    assert "None" not in warm
    assert COMPILING not in warm


@pytest.mark.parametrize(("terminal", "quiet"), [(False, False), (True, True)])
def test_piped_or_quiet_it_writes_nothing_at_all(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, quiet: bool
) -> None:
    assert shown(monkeypatch, cold=True, terminal=terminal, quiet=quiet) == ""
