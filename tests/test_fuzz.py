"""A little of `benchmarks/fuzz.py`: whatever a file, a table, a request or a folder holds, nobody sees a traceback."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scripts import benchmark_module

from local_citizenship.agents import rule
from local_citizenship.app import cli
from local_citizenship.outcomes import Run, plots
from local_citizenship.outcomes.simulate import simulate

case_module = benchmark_module("fuzzing.case")
fuzz = benchmark_module("fuzz")
http = benchmark_module("fuzzing.http")
# Of each kind a seed, so that they are always the same ones, and so many as take a few seconds.
FEW = ("map", "service-adoption", "ngos", "claiming-cascade", "who-met-the-need", "unevenness")  # figures
CASES = {"scenario": (21, 8), "study": (21, 6), "places": (21, 6), "http": (12, 100), "folder": (12, 5)}


@pytest.fixture(scope="module", autouse=True)
def _rules_compiled() -> None:
    """No case is to blame for that."""
    simulate("two-towns", months=1)


class _Here:
    """Tries cases in this process."""

    def verdict(self, case: Any) -> Any:
        return case_module.tried(case, fuzz.module_of(case.kind).trial)


@pytest.mark.parametrize("kind", fuzz.KINDS)
def test_nothing_ends_in_a_traceback(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plots, "FIGURES", {name: plots.FIGURES[name] for name in FEW})
    monkeypatch.setattr(http, "PATIENCE", 100.0)  # by the clock, on a machine that may be busy
    campaign = fuzz.Campaign(tmp_path, _Here())
    number, cases = CASES[kind]
    campaign.batch(kind, number, cases=cases)
    kept = [json.loads(file.read_text(encoding="utf-8")) for file in tmp_path.glob("*.json")]
    assert not campaign.faults, "".join(each["details"] for each in kept)
    assert campaign.statuses.keys() >= ({200, 400} if kind == "http" else {0, 2})  # some sound, some refused


class _Planted:
    """A tester with a fault planted in it: whatever has a letter behind a colon is one."""

    def verdict(self, case: Any) -> Any:
        bad = next((data for data in case.files.values() if re.search(rb": [a-z]", data)), None)
        step = case_module.Step("check mine.yaml", 0 if bad is None else 1, 0.1, "")
        return case_module.Verdict([step], "" if bad is None else "planted", "a letter")


def test_what_fails_is_made_small_and_kept_to_be_repeated(tmp_path: Path) -> None:
    found = fuzz.Campaign(tmp_path, _Planted())
    found.batch("scenario", 3)
    found.batch("scenario", 4)
    assert list(found.faults) == ["planted"]
    case = found.faults["planted"]
    (kept,) = tmp_path.glob("scenario-*.json")
    content = json.loads(kept.read_text(encoding="utf-8"))
    assert case_module.Case.from_json(content) == case
    assert len(b"".join(case.files.values())) < 60, case.files
    assert content["fault"] == "planted"
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(log) == found.cases["scenario"] > fuzz.BATCH
    assert {line["seed"] for line in log} == {3, 4}
    assert found.again["planted"] > 0
    assert "faults: 1" in "\n".join(found.summary(1.0))


def test_the_same_seed_makes_the_same_cases(tmp_path: Path) -> None:
    names = []
    for folder in (tmp_path / "one", tmp_path / "other"):
        folder.mkdir()
        fuzz.Campaign(folder, _Planted()).batch("http", 5)  # which has no files
        log = (folder / "log.jsonl").read_text(encoding="utf-8").splitlines()
        names.append([json.loads(line)["case"] for line in log])
    assert names[0] == names[1]
    assert len(set(names[0])) > 10


DOES: dict[str, Any] = {"months": 1, "seed": None, "sets": [], "after": []}


@pytest.mark.parametrize(("answers", "fault"), [(True, "process died: http"), (False, "no end: http")])
def test_a_case_that_ends_its_process_or_never_ends_is_found(
    answers: bool, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pipe of a process that is gone can be read, and has nothing in it."""
    monkeypatch.setattr(fuzz, "PATIENCE", -1.0)
    tester, killed = fuzz.Tester(), []
    process = SimpleNamespace(
        pid=os.getpid(), is_alive=lambda: True, kill=lambda: killed.append(1), join=lambda: None
    )
    tester._process, (tester._pipe, theirs) = process, multiprocessing.Pipe()
    if answers:
        theirs.close()
    assert tester.verdict(case_module.Case("http", {}, {})).fault == fault
    assert killed


FAULTS = {
    "a traceback": (ZeroDivisionError(), "traceback: ZeroDivisionError"),
    "a status": (SystemExit(1), "status 1: check"),
    "no word": (SystemExit(2), "refused without a word: check"),
}


@pytest.mark.parametrize("which", FAULTS)
def test_what_must_not_be_is_found(which: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raised, sign = FAULTS[which]

    def broken(*arguments: object) -> None:
        raise raised

    monkeypatch.setattr(cli, "_load", broken)
    case = case_module.Case("scenario", {"mine.yaml": b"extends: two-towns\n"}, DOES)
    verdict = case_module.tried(case, fuzz.module_of("scenario").trial)
    assert verdict.fault.startswith(sign)


@pytest.mark.parametrize("compiles", [False, True])
def test_what_is_slow_is_found_unless_rules_were_compiled_meanwhile(
    compiles: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_module, "SECONDS", -1.0)
    slow = contextlib.nullcontext() if compiles else pytest.raises(case_module.Fault, match="slow: run")
    with slow, case_module.timed("run mine.yaml", steps := []):
        if compiles:
            rule._tell()
    assert [step.what for step in steps] == ["run mine.yaml"]


def test_a_run_that_does_not_balance_is_found() -> None:
    unbalanced = benchmark_module("fuzzing.balance").unbalanced
    sound = simulate("two-towns", months=3, sets=["scale.share=0.001"])
    assert list(unbalanced(sound)) == []
    monthly = sound.table("monthly").copy()
    monthly.loc[monthly.index[-1], "stock"] += 1
    other = Run(sound.scenario, {"monthly": monthly, "needs": sound.table("needs")})
    assert list(unbalanced(other)) == ["stocks do not follow from flows"]
