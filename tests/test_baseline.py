"""No number moves unnoticed: headline totals of fixed runs, kept in `tests/baseline`."""

from __future__ import annotations

import json

import pytest
from baseline_tools import HOW_TO_UPDATE, SCENARIOS, differences, measure, path_of


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_numbers_have_not_moved(name):
    kept = json.loads(path_of(name).read_text(encoding="utf-8"))
    moved = differences(kept, measure(SCENARIOS[name]()))
    assert not moved, "\n".join(["numbers moved:", *moved, HOW_TO_UPDATE])


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_baseline_has_something_to_hold(name):
    """Invariants before frozen numbers: nothing that happens in a run is nought, and the sums agree."""
    kept = json.loads(path_of(name).read_text(encoding="utf-8"))
    flows = kept["over all months"]
    nought = [name for name, number in flows.items() if number == 0]
    assert nought == ([] if kept["NGOs at the end"] else ["served_ngo"])
    assert flows["needs"] == sum(
        flows[p]
        for p in ("served_city", "served_ngo", "served_nation", "served_job", "served_informal", "unmet")
    )
    assert flows["moved_in"] == kept["moves"]
    assert flows["left"] + flows["deported"] == sum(kept["departures"].values())
    assert sum(kept["modes"].values()) == sum(kept["stock at the end"].values())


def test_differences_are_told_one_by_one():
    kept = {"a": {"b": 1, "c": 2}, "d": 3}
    assert differences(kept, kept) == []
    assert differences(kept, {"a": {"b": 1, "c": 5}, "e": 1}) == [
        "a / c: 2 -> 5",
        "d: 3 -> None",
        "e: None -> 1",
    ]
