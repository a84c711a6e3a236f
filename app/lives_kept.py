"""How many lives a run of the command line records where nobody said it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..scenarios import Scenario

SHARE = "stories.share"


def with_lives_kept(scenario: Scenario) -> Scenario:
    """The scenario; where one record stands for several people and nobody set `stories.share`, its default times as
    large, so that as many lives are recorded as at full size: all, where there are fewer records than these. No other
    number of a run depends on it."""
    people = scenario.parameters.scale.persons_per_record
    if people == 1 or scenario.layers[SHARE] != "default":
        return scenario
    from ..experiments.studies.points import with_settings

    share = min(1.0, scenario.parameters.stories.share * people)
    return with_settings(scenario, [(SHARE, share)], f"default, for {people:,} people a record")
