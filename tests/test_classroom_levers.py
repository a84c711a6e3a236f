"""The levers that the page puts first: each moves something that can be seen, even in two towns."""

from __future__ import annotations

import pytest

from local_citizenship.app.classroom.sliders import LEVERS, Lever, slider
from local_citizenship.model import LocalCitizenship
from local_citizenship.outcomes.world import world_of_model
from local_citizenship.outcomes.world_bytes import from_bytes
from local_citizenship.scenarios import ScenarioTemplate
from local_citizenship.scenarios.checks import all_parameters

SEEN = 0.03  # of its size, in at least one of the shares and numbers below
TOWNS = ScenarioTemplate("two-towns")


def looked_at(path: str, value: object) -> dict[str, float]:
    """What stands out on the page at the end of twenty years."""
    sets = [f"{path}={str(value).lower()}"]
    if path == "policy.guidance":
        sets.append("city.pace=0.3")
    model = LocalCitizenship(TOWNS.scenario(sets=sets))
    model.run()
    _, arrays = from_bytes(world_of_model(model))
    who, stages = arrays["who"].values.sum(axis=0), arrays["cascade"].values.sum(axis=0)
    people = arrays["stock_status"].values[-1]
    return {
        "met": stages[5] / stages[0],
        "aware": stages[1] / stages[0],
        "willing": stages[2] / stages[1],
        "by city": who[0] / stages[0],
        "unauthorised": people[3:].sum(),
        "level": float(arrays["level"].values[-1].mean()),
    }


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.path)
def test_each_lever_moves_something_that_can_be_seen(lever: Lever) -> None:
    low, high = (False, True) if lever.low is None else (lever.low, lever.high)
    before, after = looked_at(lever.path, low), looked_at(lever.path, high)
    changes = {name: abs(after[name] - before[name]) / max(before[name], after[name]) for name in before}
    assert max(changes.values()) > SEEN, changes


def test_levers_are_parameters_within_their_bounds() -> None:
    for lever in LEVERS:
        info = all_parameters()[lever.path]
        if lever.low is not None and lever.high is not None:
            assert info.low is not None
            assert info.high is not None
            assert info.low <= lever.low < lever.high <= info.high


@pytest.mark.parametrize(
    ("path", "value", "low", "high", "step", "scale"),
    [
        ("city.pace", 0.3, 0.0, 1.0, 0.01, "linear"),
        ("doors.worker.permit", 36, 0.0, 120.0, 1.0, "linear"),
        ("doors.worker.arrivals", 850.0, 20.0, 20_000.0, None, "log"),
        ("scale.persons_per_record", 1, 1.0, 20.0, None, "log"),
        ("policy.fund", 0.0, 0.0, 1e6, 10_000.0, "linear"),
    ],
)
def test_ranges_of_sliders(
    path: str, value: float, low: float, high: float, step: float | None, scale: str
) -> None:
    shown = slider(all_parameters()[path], value)
    assert (shown["low"], shown["high"], shown["step"], shown["scale"]) == (low, high, step, scale)
