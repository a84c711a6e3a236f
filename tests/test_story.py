"""Life stories: recorded events become plain dated sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest

from local_citizenship.outcomes.run import Run, ScenarioInfo
from local_citizenship.outcomes.sentences import SENTENCES, Moment, duration, sentence
from local_citizenship.outcomes.story import StoryError, list_lives, tell
from local_citizenship.scenarios.catalogue import (
    DOORS,
    EVENTS,
    NEEDS,
    NGO_KINDS,
    PROVIDERS,
    REASONS,
    SERVICES,
    STATUSES,
)

NAMES = ["Toyota-like", "Kawaguchi-like", "Nowhere"]


def event(month: int, name: str | None, migrant: int = 7, **more: object) -> dict[str, object]:
    """One row of the events table, with plain values for what is not given."""
    row: dict[str, object] = {
        "month": month, "migrant": migrant, "event": name, "place": 0, "status": "legal", "need": None,
        "provider": None, "detail": 0, "knows_city": False, "knows_ngo": False, "settler": False, "fear": 0.0,
        "belonging": 0.1,
    }  # fmt: skip
    assert set(more) <= set(row)
    return {**row, **more}


def run_with(rows: Sequence[dict[str, object]], months: int = 120, share: float = 0.01) -> Run:
    """A run that holds nothing but these events and three places."""
    events = pd.DataFrame(list(rows), columns=list(event(0, None))).astype({"migrant": np.uint64})
    for name, order in (("event", EVENTS), ("status", STATUSES), ("need", NEEDS), ("provider", PROVIDERS)):
        events[name] = pd.Categorical(events[name], categories=list(order), ordered=True)
    places = pd.DataFrame({"place": range(3), "name": NAMES})
    parameters = {
        "stories.share": share,
        "doors.coethnic.target_years": 4.0,
        "doors.visitor.target_years": 0.3,
    }
    info = ScenarioInfo("made-up", 3, "1994-03", months, parameters=parameters)
    return Run(info, {"events": events, "places": places})


COETHNIC, VISITOR = DOORS.index("coethnic"), DOORS.index("visitor")
BITS = (1 << SERVICES.index("language")) | (1 << SERVICES.index("insurance"))
LIFE = [
    event(0, "arrived", detail=COETHNIC),
    *(event(5, "learned_city", detail=SERVICES.index(service)) for service in ("language", "insurance")),
    event(26, "need", need="wages"),
    *(event(month, "unwilling", need="wages") for month in (26, 27)),
    event(30, "gave_up", need="wages", detail=4),
    event(30, "consequence", need="wages", detail=0),
    event(40, "moved", place=1, detail=0),
    event(40, "lost", place=1, detail=BITS),
    event(41, "need", need="papers", place=1, knows_ngo=True),
    *(event(41, name, need="papers", provider="ngo", place=1) for name in ("asked", "turned_away")),
    *(event(42, name, need="papers", provider="ngo", place=1) for name in ("asked", "served")),
    event(50, "left", place=1, detail=REASONS.index("target")),
]


def told_of(*rows: dict[str, object], arrived: bool = False) -> str:
    """The life of migrant 7, of whom these events are recorded."""
    return tell(run_with([event(0, "arrived")] * arrived + list(rows)), 7)


def lines_of(text: str) -> dict[str, str]:
    """What is told under each date."""
    return dict(line.split(": ", 1) for line in text.splitlines() if re.match(r"[A-Z][a-z]+ \d{4}", line))


def test_a_life_is_told_in_dated_sentences() -> None:
    told = lines_of(told_of(*LIFE))
    assert told["March 1994"].startswith("Arrived in Toyota-like as a co-ethnic worker")
    assert "usually after about four years" in told["March 1994"]
    assert told["August 1994, after 5 months"] == "Learned of the language class and the health insurance."
    unpaid = told["May 1996, after 2 years 2 months"]
    assert unpaid.startswith("Was not paid the wages due. Knew of no service")
    in_debt = told["September 1996, after 2 years 6 months"]
    assert in_debt.startswith("After four months gave up on the unpaid wages")
    assert "Fell into debt" in in_debt
    assert told["July 1997, after 3 years 4 months"] == (
        "Moved from Toyota-like to Kawaguchi-like. "
        "Left behind by moving: the language class and the health insurance."
    )
    assert "had too many cases, and turned them away." in told["August 1997, after 3 years 5 months"]
    assert told["September 1997, after 3 years 6 months"] == (
        "Asked an NGO again. An NGO helped: the papers were put in order."
    )
    assert told["May 1998, after 4 years 2 months"] == "Had saved what was planned, and went home."


def test_a_story_begins_with_whose_it_is_and_ends_with_the_sum() -> None:
    first, *_, last = told_of(*LIFE).splitlines()
    assert first == "The life of migrant 7 (scenario made-up, seed 3)"
    assert last == (
        "In all: 4 years 2 months in the country, two needs for help (met: one by an NGO; given up: one). "
        "Moved once."
    )


def test_what_repeats_while_a_need_waits_is_told_once() -> None:
    assert told_of(*LIFE).count("worth the trouble") == 1
    again = [event(30, "gave_up", need="wages"), *(event(33, n, need="wages") for n in ("need", "unwilling"))]
    assert told_of(*LIFE[:6], *again).count("worth the trouble") == 2


def test_a_need_that_comes_back_is_not_told_as_a_new_one() -> None:
    steps = ((3, "need", 0), (5, "gave_up", 2), (5, "need", 0), (5, "consequence", 3))
    rows = [event(month, name, need="illness", detail=detail) for month, name, detail in steps]
    text = told_of(*rows, arrived=True)
    assert text.count("Fell ill.") == 1
    assert "came back at once" in text


def test_what_was_known_is_told_again_only_as_still() -> None:
    ill = event(3, "need", need="illness")
    text = told_of(ill, event(9, "need", need="wages"), arrived=True)
    assert text.count("Knew of no service") == 1
    assert text.count("Still knew of no service of the town hall") == 1
    text = told_of(ill, event(9, "need", need="wages", knows_ngo=True), arrived=True)
    assert "Knew of an NGO here, but of nothing that the town hall offers." in text


def test_what_was_learned_and_lost_by_moving_is_told_and_is_not_still_so() -> None:
    learned = event(4, "learned_city", knows_city=True, knows_ngo=True)
    moved = event(5, "moved", place=1)
    ill, again = (event(month, "need", need="illness") for month in (3, 9))
    text = told_of(ill, learned, moved, again, arrived=True)
    assert "to Kawaguchi-like. What was known of the town hall and of NGOs there is of no use here." in text
    assert text.count("Knew of no service of the town hall") == 2
    assert "Still knew" not in text
    kept = told_of(ill, learned, event(5, "moved", place=1, knows_city=True, knows_ngo=True), arrived=True)
    assert "of no use" not in kept


def test_someone_present_at_the_start_is_not_said_to_have_arrived() -> None:
    there = event(0, "present", detail=VISITOR, status="overstayer")
    text = told_of(there, event(14, "settled", status="overstayer"))
    told = lines_of(text)
    assert told["March 1994"].startswith("Already lived in Toyota-like when the record begins")
    assert "without a valid permit" in told["March 1994"]
    assert "some months" in told["March 1994"]
    assert told["May 1995, 1 year 2 months into the record"] == "Decided to settle here for good."
    assert "Still there at the end of the run, February 2004." in text


def test_settlers_and_sojourners_intend_different_things() -> None:
    assert "settle for good" in told_of(event(0, "arrived", settler=True))
    assert "go home" in told_of(event(0, "arrived", settler=False))


def test_deportation_is_told_once() -> None:
    deported = REASONS.index("deported")
    gone = [event(9, name, detail=deported) for name in ("deported", "left")]
    assert told_of(*gone, arrived=True).count("deported") == 1
    assert list_lives(run_with([event(0, "arrived"), *gone]))["end"].tolist() == ["deported"]


MOMENT = Moment(
    3, "", "Toyota-like", "overstayer", "wages", "city", 0, False, False, False, 0.4, "Nowhere", 4.0
)


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_has_plain_sentences(name: str) -> None:
    assert name in SENTENCES
    varied = {
        "provider": ("city", "ngo", "nation", "job", "informal", ""),
        "need": ("", *NEEDS),
        "detail": (-1, 0, 1, 4, 200),
        "again": (False, True),
    }
    for values in product(*varied.values()):
        words = sentence(replace(MOMENT, event=name, **dict(zip(varied, values, strict=True))))
        assert re.fullmatch(r"[A-Z].*\.", words), words
        assert not re.search(r"_|None|nan|  |\.\.", words), words


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("arrived", DOORS),
        ("learned_city", SERVICES),
        ("learned_ngo", NGO_KINDS),
        ("joined", SERVICES),
        ("status", STATUSES),
        ("left", REASONS),
        ("consequence", range(4)),
    ],
)
def test_each_name_of_the_catalogue_is_told_in_its_own_words(name: str, names: Sequence[object]) -> None:
    assert len({told_of(event(0, name, detail=i)) for i in range(len(names))}) == len(names)


@pytest.mark.parametrize("name", ["need", "served", "gave_up"])
def test_each_need_is_told_in_its_own_words(name: str) -> None:
    assert len({told_of(event(0, name, need=need, provider="city")) for need in NEEDS}) == len(NEEDS)


def test_fear_and_exclusion_are_told_with_whom_and_why() -> None:
    hurt = {"need": "accident", "status": "smuggled"}
    text = told_of(
        event(0, "arrived", status="smuggled"),
        event(1, "need", **hurt),
        event(1, "afraid", provider="city", fear=0.8, **hurt),
        event(2, "ineligible", provider="city", **hurt),
        event(2, "refused", provider="nation", **hurt),
    )
    assert "Would have asked the town hall, but feared being reported and deported." in text
    assert "What the town hall offers was not open to someone without papers." in text
    assert "An office of the state did not solve it." in text


def test_an_unknown_event_is_told_as_it_is_called() -> None:
    assert sentence(replace(MOMENT, event="won_lottery")) == "Recorded: won lottery (the unpaid wages)."
    text = told_of(event(2, None), event(3, "left", detail=99), arrived=True)
    assert "Something happened that has no name here." in text
    assert "Left the country." in text


def test_the_chosen_life_shows_much_and_is_always_the_same() -> None:
    dull = [event(0, "arrived", migrant=1), event(9, "left", migrant=1)]
    busy = [event(m, "need", migrant=2, need="wages") for m in range(50)]
    twin = [{**row, "migrant": 9} for row in LIFE]
    run = run_with([*dull, *busy, *twin, *LIFE])
    assert tell(run) == tell(run, 7)
    assert tell(run_with([*LIFE, *twin, *busy, *dull])) == tell(run)


def test_lives_are_listed_with_what_happened() -> None:
    large = 2**63 + 5
    other = [event(3, "present", migrant=large), event(9, "status", migrant=large, status="denizen")]
    run = run_with([*other, *LIFE])
    lives = list_lives(run)
    assert lives["migrant"].tolist() == [7, large], "large identities must not be rounded"
    expected = {
        "door": "coethnic", "first": "1994-03", "last": "1998-05", "months": 50, "events": 16, "needs": 2,
        "met": 1, "moves": 1, "end": "target",
    }  # fmt: skip
    assert lives.iloc[0][list(expected)].to_dict() == expected
    assert lives["statuses"].tolist() == ["legal", "legal, denizen"]
    assert lives["end"].tolist()[1] == "recorded to the end"
    assert f"migrant {large} " in tell(run, large)


def test_an_unknown_migrant_is_an_error_that_names_known_ones() -> None:
    rows = [event(0, "arrived", migrant=m) for m in range(10, 18)]
    with pytest.raises(StoryError, match=r"migrant 3 was not recorded.*10, 11, 12, 13, 14 and 3 more"):
        tell(run_with(rows), 3)


def test_a_run_without_stories_says_how_to_get_them() -> None:
    with pytest.raises(StoryError, match=r"stories\.share=0\.01"):
        tell(run_with([], share=0.0))
    with pytest.raises(StoryError, match=r"stories\.share=0\.1"):
        list_lives(run_with([], share=0.0001))
    with pytest.raises(StoryError, match=r"share of 0\.5 .* --set stories\.share=1$"):
        list_lives(run_with([], share=0.5))
    without_tables = Run(run_with([]).scenario, {})
    with pytest.raises(StoryError, match=r"no table of events, .* made without, or its folder is damaged"):
        tell(without_tables)
    bare = Run(ScenarioInfo("made-up", 1, "1990-01", 12), {})
    with pytest.raises(StoryError, match="recorded no lives"):
        tell(bare)


@pytest.mark.parametrize(
    ("months", "words"),
    [(0, "0 months"), (1, "1 month"), (12, "1 year"), (27, "2 years 3 months"), (13, "1 year 1 month")],
)
def test_durations_are_years_and_months(months: int, words: str) -> None:
    assert duration(months) == words


def test_insurance_through_the_job_is_told_apart_from_the_citys() -> None:
    by_job, by_city = (
        told_of(event(2, "insured", provider=provider), arrived=True) for provider in ("nobody", "city")
    )
    assert "by the employer" in by_job
    assert "by the employer" not in by_city
    assert "the city's health insurance" in by_city


def test_the_insurance_of_the_job_is_no_office() -> None:
    """An illness paid for by it, and the next, which an office of the state helps with."""
    steps = ((10, "asked", "job"), (10, "served", "job"), (20, "asked", "nation"), (20, "served", "nation"))
    rows = [event(month, name, need="illness", provider=provider) for month, name, provider in steps]
    first, second = lines_of(told_of(*rows)).values()
    assert first.startswith("Turned to the health insurance that came with the job. It paid")
    assert "office of the state" in second
