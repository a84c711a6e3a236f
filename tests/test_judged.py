"""docs/mechanisms-judged.md is what its notes and the measured numbers make of it, of mechanisms there are."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from local_citizenship.experiments.mechanisms import BY_ID
from local_citizenship.scenarios.schema import SHIPPED, iter_parameters

sys.path.append(str(Path(__file__).parent.parent / "docs" / "make"))

import judged


def test_the_document_has_not_drifted() -> None:
    """If this fails: `python docs/make/judged.py`."""
    assert judged.main(["--check"]) == 0


def test_a_document_that_has_drifted_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = tmp_path / "judged.md"
    monkeypatch.setattr(judged, "DOCUMENT", copy)
    copy.write_text("# Of another day\n", encoding="utf-8")
    assert judged.main(["--check"]) == 1
    assert copy.read_text(encoding="utf-8") == "# Of another day\n", "looking changes nothing"
    assert judged.main([]) == 0
    assert judged.main(["--check"]) == 0


@pytest.mark.parametrize("arguments", [["--run"], ["--run", "many"], ["--chek"]])
def test_what_it_does_not_know_is_told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert judged.main(arguments) == 2
    assert capsys.readouterr().out == "usage: judged.py [--run PAIRS | --check]\n"


def test_each_row_is_a_mechanism_with_rule_evidence_and_doubt() -> None:
    assert set(judged.JUDGED["rows"]) <= set(BY_ID)
    for name, row in judged.JUDGED["rows"].items():
        assert set(row) == {"rule", "evidence", "doubt"}, name


def test_parts_are_taken_out_by_parameters_there_are() -> None:
    sections = {each.path.split(".")[0] for each in iter_parameters(SHIPPED)}
    for part in judged.parts():
        assert part.without, part.id
        assert {path.split(".")[0] for path in part.without} <= sections, part.id


def test_numbers_stand_with_their_interval_and_none_is_made_up() -> None:
    changes = judged.numbers()
    row = changes.loc[("A1", "stock")]
    words = judged.told("Off:\n {A1.stock}.", changes)
    assert words.startswith(f"Off: {row['label'].lower()} ")
    assert words.count(" to ") == 1
    with pytest.raises(KeyError):
        judged.told("{A1.happiness}", changes)
