"""The public names of `local_citizenship`: light to import, shown by examples that run, announced before they go."""

from __future__ import annotations

import doctest
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from own_measures import forget_own_measures

import local_citizenship

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "python.md"


def test_every_name_is_there_and_is_shown() -> None:
    for name in local_citizenship.__all__:
        assert getattr(local_citizenship, name) is not None
        assert name in dir(local_citizenship)
    shown = re.findall(r"^## `?(\w+)`?$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(shown) == sorted(local_citizenship.__all__)


def test_editors_are_told_the_same_homes() -> None:
    """What type checkers read (TYPE_CHECKING) and what is loaded are the same."""
    source = (ROOT / "package" / "__init__.py").read_text(encoding="utf-8")
    told: dict[str, tuple[str, str]] = {}
    imports = source.partition("\n__version__")[0]
    for module, names in re.findall(r"^    from \.([\w.]+) import (.+)$", imports, re.M):
        for each in names.split(", "):
            name, _, public = each.partition(" as ")
            told[public or name] = (module, name)
    assert told == local_citizenship._HOMES


@pytest.mark.usefixtures("empty_folder")
def test_the_examples_of_the_page_run() -> None:
    how = {"module_relative": False, "optionflags": doctest.NORMALIZE_WHITESPACE}
    try:
        failed, tried = doctest.testfile(str(PAGE), **how)
        assert failed == 0
        assert tried > 20
    finally:
        forget_own_measures()  # the page declares one


@pytest.mark.parametrize(
    ("statement", "heavy"),
    [
        ("import local_citizenship", "numpy pandas mesa numba pydantic local_citizenship.scenarios"),
        ("from local_citizenship import load_scenario", "mesa numba pandas local_citizenship.agents"),
        ("import local_citizenship.model", "local_citizenship.outcomes matplotlib rich"),
    ],
)
def test_nothing_heavy_comes_along(statement: str, heavy: str) -> None:
    code = f"{statement}; import json, sys; print(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert not set(heavy.split()) & set(json.loads(done.stdout))


def test_an_unknown_name_says_the_nearest() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'load_scenaro'; did you mean 'load_scenario'\?"):
        _ = local_citizenship.load_scenaro


def test_a_name_that_goes_warns_for_a_release(monkeypatch: pytest.MonkeyPatch) -> None:
    going = {"run_scenario": ("local_citizenship.simulate", "0.3.0", ("outcomes.simulate", "simulate"))}
    monkeypatch.setattr(local_citizenship, "_DEPRECATED", going)
    said = r"run_scenario goes in 0\.3\.0: use local_citizenship\.simulate"
    with pytest.warns(DeprecationWarning, match=said) as told:
        assert local_citizenship.run_scenario is local_citizenship.simulate
    assert told[0].filename == __file__
