"""One life in two worlds: where the lives part, who was served in one alone, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small import Settings, small_run
from test_story import LIFE, event, run_with

from local_citizenship.app.compare_runs import _undecided
from local_citizenship.outcomes.divergence import (
    BOTH,
    NO_REASON,
    ONLY_A,
    ONLY_B,
    SERVED_IN,
    Divergence,
    afterwards,
    before,
    compare_lives,
    divergence,
    who_was_served,
)
from local_citizenship.outcomes.example_life import (
    example_life,
    help_to_come,
    may_be_chance,
    why_this_life,
)
from local_citizenship.outcomes.run import Run
from local_citizenship.outcomes.story import StoryError
from local_citizenship.scenarios.catalogue import SERVICES

Rows = Sequence[dict[str, object]]


def world(rows: Rows, name: str = "made-up", months: int = 120, **about: object) -> Run:
    """A run that holds nothing but these events, three places, and what `about` says of its years."""
    made = run_with(rows, months=months)
    places = made.table("places").assign(code=["1", "2", "3"])
    years = pd.DataFrame({"year": range(1994, 2004)}).merge(places[["place"]], how="cross")
    levels = {f"level_{service}": 0.0 for service in SERVICES}
    yearly = years.assign(**{**levels, "service_level": 0.0, "firewall": False, "ngos": 0, **about})
    info = replace(made.scenario, name=name)
    return Run(info, {"events": made.table("events"), "places": places, "places_yearly": yearly})


def parting(one: Run, other: Run, migrant: int = 7) -> Divergence:
    """Where the two lives part, as they must."""
    found = divergence(one, other, migrant)
    assert found is not None
    return found


FEARFUL = [
    event(0, "arrived", status="smuggled"),
    event(20, "need", need="wages", status="smuggled", fear=0.6, knows_city=True),
    event(20, "afraid", need="wages", provider="city", status="smuggled", fear=0.6, knows_city=True),
    event(23, "gave_up", need="wages", detail=3, status="smuggled", fear=0.6, knows_city=True),
]
UNAFRAID = [
    FEARFUL[0],
    {**FEARFUL[1], "fear": 0.0},
    event(20, "asked", need="wages", provider="city", status="smuggled", knows_city=True),
    event(20, "served", need="wages", provider="city", status="smuggled", knows_city=True),
]


def test_a_planted_parting_is_found_told_and_explained() -> None:
    found = parting(world(FEARFUL, "before"), world(UNAFRAID, "after"))
    assert (found.month, found.date, found.from_the_start) == (20, "1995-11", False)
    assert found.worlds == ("before", "after")
    assert found.both == ("Was not paid the wages due. Knew something of what the town hall offers, but of no "
                          "NGO here that could help.",)  # fmt: skip
    assert found.a == ("Would have asked the town hall, but feared being reported and deported.",)
    assert found.b == ("Asked the town hall for help with the unpaid wages.",
                       "The town hall helped: the wages were paid.")  # fmt: skip
    assert found.why == ("Fear of being caught was 0.60 in before and 0 in after (from 0, none, to 1).",)
    assert found.telling.startswith(
        "Until November 1995 both lives are the same. That month, in both: Was not"
    )
    assert "In before: Would have asked" in found.telling
    assert "In after: Asked the town hall" in found.telling
    assert (len(found.events_a), len(found.events_b)) == (2, 3)
    turned = parting(world(UNAFRAID, "after"), world(FEARFUL, "before"))
    assert (turned.a, turned.b, turned.month) == (found.b, found.a, found.month)


def test_nobody_is_caught_by_fearing_less() -> None:
    caught = [*FEARFUL[:2], event(20, "apprehended", status="smuggled", fear=0.0)]
    found = parting(world(FEARFUL, "before"), world(caught, "after"))
    assert found.why == (NO_REASON,)


def test_an_excerpt_says_when_help_came_later() -> None:
    served = event(40, "served", need="wages", provider="city", status="smuggled")
    after = world([*UNAFRAID[:3], served], "after")
    found = parting(world(FEARFUL, "before"), after)
    assert help_to_come(found, after, "after").startswith("Help came in after in July 1997: The town hall")
    now = world(UNAFRAID, "after")
    assert help_to_come(parting(world(FEARFUL, "before"), now), now, "after") == ""


def test_a_life_that_is_the_same_never_parts() -> None:
    one, other = world(LIFE), world(LIFE)
    assert divergence(one, other, 7) is None
    lives = compare_lives(one, other)
    assert lives["parted"].isna().all()
    assert lives["date"].tolist() == [""]
    assert lives["served_in"].tolist() == ["both"]
    assert example_life(lives) is None


def test_what_was_known_and_feared_is_no_parting_by_itself() -> None:
    """The life is what happened; a lower fear that changes nothing leaves it the same."""
    calm = [{**row, "fear": 0.0} for row in FEARFUL]
    assert divergence(world(FEARFUL), world(calm), 7) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"detail": 1}, None),
        ({"place": 1}, "In b services of Kawaguchi-like averaged 0 at the end of 1994."),
        ({"status": "legal"}, None),
        ({"settler": True}, None),
    ],
)
def test_lives_that_differ_from_the_first_event(change: dict[str, object], words: str | None) -> None:
    found = parting(world(FEARFUL, "a"), world([{**FEARFUL[0], **change}, *FEARFUL[1:]], "b"))
    assert (found.month, found.from_the_start) == (0, True)
    assert found.telling.startswith("The two lives differ from the first.")
    assert words is None or words in found.why


def test_the_place_is_named_as_the_reason_where_it_differs() -> None:
    asked = event(20, "asked", need="wages", provider="city", knows_city=True)
    end = {"need": "wages", "provider": "city", "knows_city": True}
    refused = [event(0, "arrived"), asked, event(20, "refused", **end)]
    served = [event(0, "arrived"), asked, event(20, "served", **end)]
    found = parting(world(refused, "a", level_consultation=0.1), world(served, "b", level_consultation=0.6))
    assert found.why == (
        "The city's advice desk of Toyota-like stood at level 0.10 in a and 0.60 in b (at the end of 1995).",
    )
    assert parting(world(refused), world(served)).why == (NO_REASON,)


def test_knowing_and_a_firewall_are_reasons() -> None:
    both = [event(0, "arrived"), event(20, "need", need="wages")]
    unknowing = [*both, event(23, "gave_up", need="wages")]
    knowing = [*both, event(23, "asked", need="wages", knows_city=True)]
    found = parting(world(unknowing, "a"), world(knowing, "b"))
    assert found.why == ("In b the migrant knew something of what the town hall offers, in a not.",)
    walled = parting(world(FEARFUL, "a"), world(UNAFRAID, "b", firewall=True))
    assert "In b Toyota-like kept its services apart from immigration control, in a not" in walled.why[-1]


def test_who_lives_in_one_world_only() -> None:
    other = [event(3, "present", migrant=2**63 + 5), event(9, "left", migrant=2**63 + 5)]
    lives = compare_lives(world([*LIFE, *other]), world(LIFE))
    assert lives["migrant"].tolist() == [7, 2**63 + 5]
    assert lives["served_in"].astype(str).tolist() == ["both", "in_one_only"]
    assert lives.loc[1, ["in_a", "in_b"]].tolist() == [True, False]
    assert (lives["parted"].tolist()[1], lives["date"].tolist()[1]) == (3, "1994-06")
    found = parting(world([*LIFE, *other]), world(LIFE), 2**63 + 5)
    assert found.b == ("Never came to the country.",)
    assert found.why == ()
    assert afterwards(world(LIFE), 2**63 + 5, 0) == []


def test_counts_by_status_hold_everybody_once() -> None:
    def of(migrant: int, rows: Rows) -> Rows:
        return [{**row, "migrant": migrant} for row in rows]

    one, other = (
        world([*LIFE, *of(9, FEARFUL), *of(8, UNAFRAID)]),
        world([*LIFE, *of(9, UNAFRAID), *of(8, FEARFUL)]),
    )
    lives = compare_lives(one, other)
    table = who_was_served(lives).set_index("status")
    assert table.loc["smuggled", ["lives", "parted", "only_a", "only_b"]].tolist() == [2, 2, 1, 1]
    assert table.loc["legal", ["lives", "parted", "both"]].tolist() == [1, 0, 1]
    assert table.loc["all", "lives"] == 3
    assert (table[list(SERVED_IN)].sum(axis=1) == table["lives"]).all()
    assert example_life(lives) == 8
    names = ("one", "other")
    assert why_this_life(lives, names) == (
        "chosen as a life helped in one alone, parted by whether help was asked for or given, short enough to be read "
        "at a sitting and alike at first; of 2 such lives that with most needs"
    )
    assert "as a life helped in one alone, " in why_this_life(lives[lives["migrant"] != 9], names)
    assert why_this_life(lives[lives["migrant"] != 9], names).endswith("alike at first, the only one")
    assert "helped in other alone" in why_this_life(lives[lives["migrant"] == 9], names)
    assert why_this_life(lives[lives["parted"].isna()], names) == ""
    assert may_be_chance(lives, names) == (
        f"One life may be chance: of these {len(lives)}, all under one seed, 1 was helped in one alone, 1 in other "
        "alone."
    )
    both = lives.assign(served_in="both")
    assert why_this_life(both, names).startswith("chosen as a life parted by whether help was asked for")


def test_the_lives_told_to_be_like_the_example_are_those_it_was_ranked_among() -> None:
    """One flag against all of them hides no later one, by which the sort goes on."""
    rows = [
        # migrant, parted, events, needs: all served in both, and parting over no need
        (1, 40, 10, 2),  # chosen: short, and alike at the start
        (2, 40, 999, 18),  # more needs, but too long to read
        (3, 0, 10, 12),  # more needs, but different from the first month
        (4, 40, 10, 1),
    ]
    lives = pd.DataFrame(rows, columns=["migrant", "parted", "events", "needs_a"]).assign(
        served_in="both", event_a="moved", event_b="left", needs_b=0
    )
    assert example_life(lives) == 1
    assert why_this_life(lives, ("one", "other")) == (
        "chosen as a life short enough to be read at a sitting and alike at first; of 2 such lives that with most needs"
    )
    alone = lives[lives["migrant"].isin([2, 3])].assign(parted=0, events=999)
    assert why_this_life(alone, ("one", "other")) == (
        "chosen since no other parts in a clearer way; of 2 such lives that with most needs"
    )


def test_only_the_months_that_both_runs_have_are_compared() -> None:
    short = world(LIFE[:5], months=27)
    assert divergence(short, world(LIFE), 7) is None
    assert compare_lives(short, world(LIFE))["events"].tolist() == [10]


def test_before_and_after_the_parting() -> None:
    lines = before(world(LIFE), 7, 41)
    assert lines[0].startswith("March 1994: Arrived in Toyota-like")
    assert lines[1:] == ["From then to August 1997: one need and one move."]
    assert [told.month for told in afterwards(world(LIFE), 7, 41)] == [41, 42, 50]
    assert before(world(LIFE), 7, 0) == []


def test_runs_that_are_not_of_the_same_people_are_refused_in_a_sentence() -> None:
    one = world(LIFE)

    def with_scenario(**changes: object) -> Run:
        return Run(replace(one.scenario, **changes), one.tables)  # type: ignore[arg-type]

    def with_parameter(path: str, value: float) -> Run:
        return with_scenario(parameters={**one.parameters, path: value})

    places = one.table("places").assign(code=["1", "2", "9"])
    cases = {
        r"seeds differ \(3 and 4\)": with_scenario(seed=4),
        "One run starts in 1994-03, the other in 1990-01": with_scenario(start="1990-01"),
        "different places": Run(one.scenario, one.tables.replaced(places=places)),
        "stands for 1 people in one run and for 20": with_parameter("scale.persons_per_record", 20),
        r"share of 0\.01 of its lives, the other one of 0\.5": with_parameter("stories.share", 0.5),
    }
    for words, other in cases.items():
        with pytest.raises(StoryError, match=words) as told:
            compare_lives(one, other)
        assert "\n" not in str(told.value)
    with pytest.raises(StoryError, match="migrant 3 was not recorded"):
        divergence(one, world(LIFE), 3)
    with pytest.raises(StoryError, match="None of this run's people"):
        compare_lives(one, world([]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.integers(0, 7), st.booleans())
def test_the_first_difference_is_found_wherever_it_lies(gaps: list[int], at: int, cut: bool) -> None:
    """One event of many is changed, or all from it on are missing: the lives part in its month."""
    months = np.cumsum(gaps).tolist()
    rows = [event(month, "need", need="wages") for month in months]
    at = min(at, len(rows) - 1)
    changed = rows[:at] if cut else [*rows[:at], {**rows[at], "need": "papers"}, *rows[at + 1 :]]
    if not changed:
        return
    assert compare_lives(world(rows), world(changed))["parted"].tolist() == [months[at]]
    assert parting(world(rows), world(changed)).month == months[at]


@pytest.fixture(scope="module")
def pair() -> tuple[Run, Run]:
    """The small country with and without fear, every life recorded."""
    return recorded(), recorded({"fear.weight": 0.0})


def recorded(*settings: Settings) -> Run:
    return Run.from_model(small_run({"stories.share": 1.0}, *settings, months=36))


def test_without_fear_it_is_those_without_papers_whose_lives_part(pair: tuple[Run, Run]) -> None:
    with_fear, without = pair
    lives = compare_lives(with_fear, without)
    counts = who_was_served(lives).set_index("status")
    outside = counts.loc[["overstayer", "smuggled"]].sum()
    assert outside["only_b"] > outside["only_a"]
    inside = counts.loc["legal"]
    assert outside["parted"] / outside["lives"] > 3 * inside["parted"] / inside["lives"]
    chosen = example_life(lives)
    assert chosen is not None
    row = lives.set_index("migrant").loc[chosen]
    assert row["served_a"] != row["served_b"]
    assert parting(with_fear, without, chosen).month == row["parted"]


def test_the_table_and_the_single_life_agree(pair: tuple[Run, Run]) -> None:
    lives = compare_lives(*pair)
    some = pd.concat([lives[lives["parted"].notna()].head(6), lives[lives["parted"].isna()].head(3)])
    for migrant, month in zip(some["migrant"], some["parted"], strict=True):
        found = divergence(*pair, int(migrant))
        assert (found is None) == pd.isna(month)
        assert found is None or found.month == month
        if found is not None:
            assert found.a or found.b


def test_the_same_run_twice_has_no_parting(pair: tuple[Run, Run]) -> None:
    lives = compare_lives(pair[0], recorded())
    assert len(lives) > 100
    assert lives["parted"].isna().all()
    assert not lives["served_in"].isin(["only_a", "only_b", "in_one_only"]).any()


@pytest.mark.parametrize(
    ("first", "second", "undecided"),
    [(14, 8, True), (1300, 1310, True), (2, 1, True), (0, 0, True), (40, 10, False), (9, 60, False)],
)
def test_undecided_lives_say_nothing_of_who_serves_more(first: int, second: int, undecided: bool) -> None:
    served = [ONLY_A] * first + [ONLY_B] * second + [BOTH] * 30
    lives = pd.DataFrame({"status": "legal", "parted": range(len(served)), "served_in": served})
    told = _undecided(lives)
    assert bool(told) == undecided
    if undecided:
        why = "luck alone might part them so" if first + second > 5 else "too few lives, of one seed"
        assert f"Served only in the first {first:,}, only in the second {second:,}: {why}" in told
