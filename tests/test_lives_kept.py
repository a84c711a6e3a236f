"""How many lives the command line records: as many whatever a record stands for, unless somebody said it."""

from __future__ import annotations

import pytest

from local_citizenship.app.lives_kept import SHARE, with_lives_kept
from local_citizenship.outcomes.run import scenario_info
from local_citizenship.outcomes.worlds import world_names
from local_citizenship.scenarios import load_scenario


def test_as_many_lives_are_recorded_at_a_coarser_scale() -> None:
    coarse = load_scenario("firewall", sets=["scale.persons_per_record=20"])
    kept = with_lives_kept(coarse)
    assert kept.parameters.stories.share == pytest.approx(20 * coarse.parameters.stories.share)
    assert kept.parameters.stories.share == load_scenario("japan-sample").parameters.stories.share
    assert kept.regimes[-1][1].stories.share == kept.parameters.stories.share, "to the end of the run"
    told = [scenario_info(scenario) for scenario in (kept, kept)]
    assert SHARE not in world_names(told)[0], "nobody set it"


def test_what_somebody_said_stays() -> None:
    for name, sets in (
        ("firewall", []),
        ("japan-sample", ["scale.persons_per_record=40"]),
        ("firewall", ["scale.persons_per_record=20", f"{SHARE}=0.01"]),
    ):
        scenario = load_scenario(name, sets=sets)
        assert with_lives_kept(scenario) is scenario
    all_of_them = load_scenario("firewall", sets=["scale.persons_per_record=10000"])
    assert with_lives_kept(all_of_them).parameters.stories.share == 1.0
