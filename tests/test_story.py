"""Life stories: recorded events become plain dated sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

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

COLUMNS = (
    "month", "migrant", "event", "place", "status", "need", "provider", "detail",
    "knows_city", "knows_ngo", "settler", "fear", "belonging",
)  # fmt: skip
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
    events = pd.DataFrame(list(rows), columns=list(COLUMNS)).astype({"migrant": np.uint64})
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
    event(5, "learned_city", detail=SERVICES.index("language")),
    event(5, "learned_city", detail=SERVICES.index("insurance")),
    event(26, "need", need="wages"),
    event(26, "unwilling", need="wages"),
    event(27, "unwilling", need="wages"),
    event(30, "gave_up", need="wages", detail=4),
    event(30, "consequence", need="wages", detail=0),
    event(40, "moved", place=1, detail=0),
    event(40, "lost", place=1, detail=BITS),
    event(41, "need", need="papers", place=1, knows_ngo=True),
    event(41, "asked", need="papers", provider="ngo", place=1),
    event(41, "turned_away", need="papers", provider="ngo", place=1),
    event(42, "asked", need="papers", provider="ngo", place=1),
    event(42, "served", need="papers", provider="ngo", place=1),
    event(50, "left", place=1, detail=REASONS.index("target")),
]


def lines_of(text: str) -> dict[str, str]:
    """What is told under each date."""
    return dict(line.split(": ", 1) for line in text.splitlines() if re.match(r"[A-Z][a-z]+ \d{4}", line))


def test_a_life_is_told_in_dated_sentences() -> None:
    told = lines_of(tell(run_with(LIFE), 7))
    assert told["March 1994"].startswith("Arrived in Toyota-like as a co-ethnic worker")
    assert "usually after about four years" in told["March 1994"]
    assert told["August 1994, after 5 months"] == "Learned of the language class and the health insurance."
    assert told["May 1996, after 2 years 2 months"].startswith(
        "Was not paid the wages due. Had not heard of any"
    )
    assert told["September 1996, after 2 years 6 months"].startswith(
        "After four months gave up on the unpaid wages"
    )
    assert "Fell into debt" in told["September 1996, after 2 years 6 months"]
    moved = told["July 1997, after 3 years 4 months"]
    assert moved == (
        "Moved from Toyota-like to Kawaguchi-like. "
        "Left behind by moving: the language class and the health insurance."
    )
    assert "had too many cases, and turned them away." in told["August 1997, after 3 years 5 months"]
    assert told["September 1997, after 3 years 6 months"] == (
        "Asked an NGO again. An NGO helped: the papers were put in order."
    )
    assert told["May 1998, after 4 years 2 months"] == "Had saved what was planned, and went home."


def test_a_story_begins_with_whose_it_is_and_ends_with_the_sum() -> None:
    text = tell(run_with(LIFE), 7)
    assert text.splitlines()[0] == "The life of migrant 7 (scenario made-up, seed 3)"
    assert text.splitlines()[-1] == (
        "In all: 4 years 2 months in the country, two needs for help (met: one by an NGO; given up: one). "
        "Moved once."
    )


def test_what_repeats_while_a_need_waits_is_told_once() -> None:
    assert tell(run_with(LIFE), 7).count("worth the trouble") == 1
    again = [
        *LIFE[:6],
        event(30, "gave_up", need="wages"),
        event(33, "need", need="wages"),
        event(33, "unwilling", need="wages"),
    ]
    assert tell(run_with(again), 7).count("worth the trouble") == 2


def test_a_need_that_comes_back_is_not_told_as_a_new_one() -> None:
    rows = [
        event(0, "arrived"), event(3, "need", need="illness"), event(5, "gave_up", need="illness", detail=2),
        event(5, "need", need="illness"), event(5, "consequence", need="illness", detail=3),
    ]  # fmt: skip
    text = tell(run_with(rows), 7)
    assert text.count("Fell ill.") == 1
    assert "came back at once" in text


def test_what_was_known_is_told_again_only_as_still() -> None:
    rows = [event(0, "arrived"), event(3, "need", need="illness"), event(9, "need", need="wages")]
    text = tell(run_with(rows), 7)
    assert text.count("Had not heard of any service") == 1
    assert text.count("Still had heard of no service of the town hall") == 1
    rows[2] = event(9, "need", need="wages", knows_ngo=True)
    assert "Knew of an NGO here, but of nothing that the town hall offers." in tell(run_with(rows), 7)


def test_someone_present_at_the_start_is_not_said_to_have_arrived() -> None:
    rows = [
        event(0, "present", detail=VISITOR, status="overstayer"),
        event(14, "settled", status="overstayer"),
    ]
    told = lines_of(tell(run_with(rows), 7))
    assert told["March 1994"].startswith("Already lived in Toyota-like when the record begins")
    assert "without a valid permit" in told["March 1994"]
    assert "some months" in told["March 1994"]
    assert told["May 1995, 1 year 2 months into the record"] == "Decided to settle here for good."
    assert "Still there at the end of the run, February 2004." in tell(run_with(rows), 7)


def test_settlers_and_sojourners_intend_different_things() -> None:
    assert "settle for good" in tell(run_with([event(0, "arrived", settler=True)]), 7)
    assert "go home" in tell(run_with([event(0, "arrived", settler=False)]), 7)


def test_deportation_is_told_once() -> None:
    deported = REASONS.index("deported")
    rows = [event(0, "arrived"), event(9, "deported", detail=deported), event(9, "left", detail=deported)]
    text = tell(run_with(rows), 7)
    assert text.count("deported") == 1
    assert list_lives(run_with(rows))["end"].tolist() == ["deported"]


MOMENT = Moment(
    3, "", "Toyota-like", "overstayer", "wages", "city", 0, False, False, False, 0.4, "Nowhere", 4.0
)


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_has_plain_sentences(name: str) -> None:
    assert name in SENTENCES
    for provider in ("city", "ngo", "nation", ""):
        for need in ("", *NEEDS):
            for detail in (-1, 0, 1, 4, 200):
                for again in (False, True):
                    words = sentence(
                        replace(MOMENT, event=name, provider=provider, need=need, detail=detail, again=again)
                    )
                    assert re.fullmatch(r"[A-Z].*\.", words), words
                    assert not re.search(r"_|None|nan|  |\.\.", words), words


@pytest.mark.parametrize(
    ("name", "names", "different"),
    [
        ("arrived", DOORS, len(DOORS)),
        ("learned_city", SERVICES, len(SERVICES)),
        ("learned_ngo", NGO_KINDS, len(NGO_KINDS)),
        ("joined", SERVICES, len(SERVICES)),
        ("status", STATUSES, len(STATUSES)),
        ("left", REASONS, len(REASONS)),
        ("consequence", range(4), 4),
    ],
)
def test_each_name_of_the_catalogue_is_told_in_its_own_words(
    name: str, names: Sequence[object], different: int
) -> None:
    told = {tell(run_with([event(0, name, detail=i)]), 7) for i in range(len(names))}
    assert len(told) == different


def test_each_need_is_told_in_its_own_words() -> None:
    for name in ("need", "served", "gave_up"):
        told = {tell(run_with([event(0, name, need=need, provider="city")]), 7) for need in NEEDS}
        assert len(told) == len(NEEDS)


def test_fear_and_exclusion_are_told_with_whom_and_why() -> None:
    rows = [
        event(0, "arrived", status="smuggled"), event(1, "need", need="accident", status="smuggled"),
        event(1, "afraid", need="accident", provider="city", fear=0.8, status="smuggled"),
        event(2, "ineligible", need="accident", provider="city", status="smuggled"),
        event(2, "refused", need="accident", provider="nation", status="smuggled"),
    ]  # fmt: skip
    text = tell(run_with(rows), 7)
    assert "Would have asked the town hall, but feared being reported and deported." in text
    assert "What the town hall offers was not open to someone without papers." in text
    assert "An office of the state did not solve it." in text


def test_an_unknown_event_is_told_as_it_is_called() -> None:
    assert sentence(replace(MOMENT, event="won_lottery")) == "Recorded: won lottery (the unpaid wages)."
    text = tell(run_with([event(0, "arrived"), event(2, None), event(3, "left", detail=99)]), 7)
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
    other = [
        event(3, "present", migrant=2**63 + 5, status="legal"),
        event(9, "status", migrant=2**63 + 5, status="denizen"),
    ]
    lives = list_lives(run_with([*other, *LIFE]))
    assert lives["migrant"].tolist() == [7, 2**63 + 5], "large identities must not be rounded"
    first = lives.iloc[0]
    assert (first["door"], first["first"], first["last"], first["months"]) == (
        "coethnic",
        "1994-03",
        "1998-05",
        50,
    )
    assert (first["events"], first["needs"], first["met"], first["moves"], first["end"]) == (
        16,
        2,
        1,
        1,
        "target",
    )
    assert lives["statuses"].tolist() == ["legal", "legal, denizen"]
    assert lives["end"].tolist()[1] == "recorded to the end"
    assert f"migrant {2**63 + 5} " in tell(run_with([*other, *LIFE]), 2**63 + 5)


def test_an_unknown_migrant_is_an_error_that_names_known_ones() -> None:
    rows = [event(0, "arrived", migrant=m) for m in range(10, 18)]
    with pytest.raises(StoryError, match=r"migrant 3 was not recorded.*10, 11, 12, 13, 14 and 3 more"):
        tell(run_with(rows), 3)


def test_a_run_without_stories_says_how_to_get_them() -> None:
    with pytest.raises(StoryError, match=r"stories\.share=0\.01"):
        tell(run_with([], share=0.0))
    with pytest.raises(StoryError, match=r"stories\.share=0\.1"):
        list_lives(run_with([], share=0.0001))
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
    by_job = tell(run_with([event(0, "arrived"), event(2, "insured", provider="nobody")]), None)
    by_city = tell(run_with([event(0, "arrived"), event(2, "insured", provider="city")]), None)
    assert "by the employer" in by_job
    assert "by the employer" not in by_city
    assert "the city's health insurance" in by_city


def test_the_insurance_of_the_job_is_no_office() -> None:
    """An illness paid for by it, and the next, which an office of the state helps with."""
    asked = {"need": "illness", "provider": "nation"}
    rows = [
        event(10, "asked", detail=1, **asked),
        event(10, "served", **asked),
        event(20, "asked", **asked),
        event(20, "served", **asked),
    ]
    first, second = lines_of(tell(run_with(rows), 7)).values()
    assert first.startswith("Turned to the health insurance that came with the job. It paid")
    assert "office of the state" in second
