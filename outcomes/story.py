"""One sampled life, told in plain sentences from the recorded events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..scenarios.catalogue import EVENTS, REASONS
from ..scenarios.languages import tr, tr_number
from .run import Run
from .sentences import Moment, duration, name_at, sentence
from .wording import in_words, joined, month_name, provider_named

CLAIMS = ("asked", "served", "refused", "turned_away")
# What may happen month after month while a need waits: said once, the rest is counted by the months waited.
SAID_ONCE = ("afraid", "unwilling", "ineligible")
SAID_AGAIN = ("asked", "refused", "turned_away")
SAID_TOGETHER = ("learned_city", "learned_ngo")
CAME_BACK = 3  # `detail` of the consequence that a need came back


_ARRIVED, _PRESENT, _NEED, _SERVED, _MOVED, _DEPORTED, _LEFT = (
    EVENTS.index(name) for name in ("arrived", "present", "need", "served", "moved", "deported", "left")
)


class StoryError(Exception):
    """There is no such life to tell; the message says why and what would help."""


def list_lives(run: Run) -> pd.DataFrame:
    """The recorded lives, one row each, in order of migrant.

    Columns: migrant; door; first, last (dates of the first and last event); months (between them); events,
    needs, met, moves (counts); statuses ("legal, overstayer"); end ("target", ..., or "recorded to the end").
    Errors: StoryError if none was recorded.
    """
    columns, events = lives_at_a_glance(run), recorded(run)
    statuses = events["status"].astype(str).groupby(events["migrant"].to_numpy()).agg(in_turn)
    return pd.DataFrame(
        {
            "migrant": columns["migrant"],
            "door": [name_at(run.entries.doors.names, door) for door in columns["door"]],
            "first": [run.date(month) for month in columns["first"]],
            "last": [run.date(month) for month in columns["last"]],
            "months": columns["last"].astype(np.int64) - columns["first"],
            **{name: columns[name] for name in ("events", "needs", "met", "moves")},
            "statuses": statuses.to_numpy(),
            "end": [name_at(REASONS, end) or "recorded to the end" for end in columns["end"]],
        }
    ).astype({"migrant": "uint64"})


def in_turn(names: Iterable[str]) -> str:
    """Each name once, in the order in which they first come up."""
    return ", ".join(dict.fromkeys(names))


def lives_at_a_glance(run: Run) -> dict[str, NDArray[Any]]:
    """The recorded lives, a value each, in order of the migrant's number.

    migrant (uint64); door (index into the run's doors, -1 if not recorded); status (of the last event, index into
    STATUSES); first, last (month); events, needs, met, moves (counts); place (of the last event); end (index into
    REASONS, -1 if recorded to the end). Empty arrays if no life was recorded.
    """
    events = recorded(run)
    order = np.argsort(events["migrant"].to_numpy(), kind="stable")
    sorted_by = events["migrant"].to_numpy()[order]
    migrants, starts = np.unique(sorted_by, return_index=True)
    lasts = np.append(starts[1:], len(order)) - 1
    event = events["event"].cat.codes.to_numpy()[order]
    detail, month = events["detail"].to_numpy()[order], events["month"].to_numpy()[order]

    def number_of(kind: int) -> NDArray[np.int64]:
        return np.add.reduceat(event == kind, starts, dtype=np.int64) if len(starts) else starts

    def last_detail(*kinds: int) -> NDArray[np.int64]:
        """The detail of the last event of these kinds in each life, -1 where there is none."""
        found = np.full(len(starts), -1, np.int64)
        at = np.flatnonzero(np.isin(event, kinds))
        found[np.searchsorted(starts, at, side="right") - 1] = detail[at]
        return found

    end = last_detail(_LEFT)
    end[number_of(_DEPORTED) > 0] = REASONS.index("deported")
    return {
        "migrant": migrants,
        "door": last_detail(_ARRIVED, _PRESENT),
        "status": events["status"].cat.codes.to_numpy(np.int64)[order][lasts],
        "first": month[starts],
        "last": month[lasts],
        "events": lasts - starts + 1,
        "needs": number_of(_NEED),
        "met": number_of(_SERVED),
        "moves": number_of(_MOVED),
        "place": events["place"].to_numpy()[order][lasts],
        "end": end,
    }


def tell(run: Run, migrant: int | None = None) -> str:
    """The life of a migrant in plain dated sentences; without a number, of one whose life shows much.

    Errors: StoryError if no life was recorded, or not this one.
    """
    if migrant is None:
        migrant = _instructive(recorded(run))
    life = life_of(run, migrant)
    heading = tr(
        "The life of migrant {migrant} (scenario {scenario}, seed {seed})",
        migrant=migrant,
        scenario=run.scenario_name,
        seed=run.seed,
    )
    lines = [heading, ""]
    lines += [f"{month.when}: {' '.join(month.sentences)}" for month in months_of(run, life)]
    lines += ["", summary(run, life)]
    return "\n".join(lines)


@dataclass(frozen=True)
class MonthTold:
    """A month of a life: its index, "May 1996, after 2 years 2 months", and what happened in sentences."""

    month: int
    when: str
    sentences: list[str]


def life_of(run: Run, migrant: int) -> pd.DataFrame:
    """The recorded events of one migrant, oldest first. Errors: StoryError if there are none."""
    events = recorded(run)
    life = events[events["migrant"] == migrant]
    if life.empty:
        known = [str(m) for m in sorted(events["migrant"].unique())]
        few = ", ".join(known[:5]) + (f" and {len(known) - 5:,} more" if len(known) > 5 else "")
        raise StoryError(f"The life of migrant {migrant} was not recorded; those that were: {few}.")
    return life


def months_of(run: Run, life: pd.DataFrame, in_full: int | None = None) -> list[MonthTold]:
    """A life's months in which something is told, in order.

    What goes on while a need waits is told once, but for the month `in_full` (index from the start), of which
    everything is told.
    """
    begin, arrived = int(life["month"].iloc[0]), bool((life["event"] == "arrived").any())
    told = []
    for month, sentences in _told(run, life, in_full).items():
        when = month_name(run.date(month))
        if month > begin:
            since = duration(month - begin)
            begun = tr("{month}, after {time}", month=when, time=since)
            when = begun if arrived else tr("{month}, {time} into the record", month=when, time=since)
        told.append(MonthTold(month, when, sentences))
    return told


def share_recorded(run: Run) -> float:
    """The share of migrants whose life is recorded; all, where a run does not say."""
    return float(run.parameters.get("stories.share", 1.0))


def recorded(run: Run) -> pd.DataFrame:
    """The recorded events of all lives, oldest first. Errors: StoryError if there are none."""
    events = run.tables.get("events")
    if events is None or events.empty:
        if "monthly" in run.tables and not run.tables.some("monthly", ["stock", "arrived"]).to_numpy().any():
            raise StoryError("Nobody ever came in this run: there is no life to tell")
        if share := run.parameters.get("stories.share"):
            if events is None:
                raise StoryError(
                    "This run has no table of events, in which lives are recorded: it was made without, or its folder "
                    "is damaged; run it again"
                )
            raise StoryError(
                f"None of this run's people was in the share of {share:g} whose lives are recorded; run it again "
                f"with more: --set stories.share={0.1 if share < 0.1 else 1}"
            )
        raise StoryError("This run recorded no lives; run it again with --set stories.share=0.01")
    return events.sort_values("month", kind="stable")


def _instructive(events: pd.DataFrame) -> int:
    """A life that shows much and can still be read: the most kinds of turns in at most forty events."""
    lives = events["event"].astype(str).groupby(events["migrant"], sort=True)

    def shows(own: pd.Series[str]) -> tuple[int, int, int]:
        present = set(own)
        turns = ("arrived" in present, "need" in present, bool(present & set(CLAIMS)), "moved" in present)
        ended = bool(present & {"left", "deported"}) + ("gave_up" in present and "served" in present)
        return sum(turns), ended - (len(own) > 40), len(present)

    scores = {int(str(migrant)): shows(own) for migrant, own in lives}
    return max(scores, key=lambda migrant: scores[migrant])  # of equals the smallest number


def _told(run: Run, life: pd.DataFrame, in_full: int | None) -> dict[int, list[str]]:
    """Month -> its sentences, for each month in which something is told."""
    said: set[tuple[str, str, str]] = set()
    known, told_of = (
        (False, False),
        False,
    )  # what was known at the last event; whether a need told of just that
    told: dict[int, list[str]] = {}
    for moment in _together(_moments(run, life)):
        knows = (moment.knows_city, moment.knows_ngo)
        told_of = told_of and knows == known  # "still" is said only of what has not changed in between
        if moment.event == "need":
            moment, told_of = replace(moment, again=told_of), True
        elif moment.event == "moved":
            moment = replace(moment, forgot=(known[0] and not knows[0], known[1] and not knows[1]))
        known = knows
        key = (moment.event, moment.need, moment.provider)
        if moment.event in ("need", "served", "gave_up"):
            said = {k for k in said if k[1] != moment.need}
        if key in said:
            if moment.event in SAID_ONCE and moment.month != in_full:
                continue
            moment = replace(moment, again=True)
        if moment.event in SAID_ONCE + SAID_AGAIN:
            said.add(key)
        words = sentence(moment)
        if words not in told.setdefault(moment.month, []):
            told[moment.month].append(words)
    return told


def _moments(run: Run, life: pd.DataFrame) -> Iterator[Moment]:
    places = run.table("places")
    place = dict(zip(places["place"].tolist(), places["name"].astype(str), strict=True))
    first = life.loc[life["event"].isin(["arrived", "present"]), "detail"].tolist()
    door = name_at(run.entries.doors.names, int(first[0])) if first else ""
    years = run.parameters.get(f"doors.{door}.target_years", 0.0) if door else 0.0
    deported = (life["event"] == "deported").any()
    records: Any = life.to_dict("records")
    for row in records:
        event, detail = _name(row["event"]), int(row["detail"])
        if event == "left" and deported and name_at(REASONS, detail) == "deported":
            continue  # the deportation is told already
        yield Moment(
            month=int(row["month"]),
            event=event,
            place=place.get(row["place"], tr("another place")),
            status=_name(row["status"]),
            need=_name(row["need"]),
            provider=_name(row["provider"]),
            detail=detail,
            knows_city=bool(row["knows_city"]),
            knows_ngo=bool(row["knows_ngo"]),
            settler=bool(row["settler"]),
            fear=float(row["fear"]),
            old_place=place.get(detail, "") if event == "moved" else "",
            target_years=float(years),
            entries=run.entries,
        )


def _together(moments: Iterable[Moment]) -> Iterator[Moment]:
    """What is learned in a month becomes one sentence; a need that comes back at once is not told as new."""
    waiting: Moment | None = None
    for moment in moments:
        if waiting is not None:
            same = moment.month == waiting.month and moment.event == waiting.event
            if same and moment.event in SAID_TOGETHER:
                waiting = replace(waiting, more=(*waiting.more, moment.detail))
                continue
            back = moment.event == "consequence" and moment.detail == CAME_BACK
            if not (back and waiting.event == "need" and waiting.need == moment.need):
                yield waiting
        waiting = moment
    if waiting is not None:
        yield waiting


def _name(value: Any) -> str:
    """A category's name; an empty string for what is missing."""
    return "" if value is None or value != value or value in ("none", "") else str(value)


def summary(run: Run, life: pd.DataFrame) -> str:
    """What became of the needs, by whom, and where."""
    happened = Counter(life["event"].astype(str))
    first, last = int(life["month"].iloc[0]), int(life["month"].iloc[-1])
    gone = bool(happened["left"] or happened["deported"])
    time = duration((last if gone else run.months) - first)
    told = [_needs_in_all(life, happened, time)]
    if happened["moved"]:
        told.append(_moves_in_all(happened["moved"]))
    if not gone:
        month = month_name(run.date(run.months - 1))
        told.append(tr("Still there at the end of the run, {month}.", month=month))
    return " ".join(told)


def _needs_in_all(life: pd.DataFrame, happened: Mapping[str, int], time: str) -> str:
    needs, met, unmet = (happened[each] for each in ("need", "served", "gave_up"))
    if not needs:
        if happened["arrived"]:
            return tr("In all: {time} in the country, and no need for help.", time=time)
        return tr("In all: {time} on record, and no need for help.", time=time)
    parts = []
    if met:
        helped = Counter(life.loc[life["event"] == "served", "provider"].map(_name).tolist())
        by = [
            tr("{number} by {provider}", number=in_words(number), provider=provider_named(name))
            for name, number in helped.items()
        ]
        parts.append(tr("met: {providers}", providers=joined(by)))
    if unmet:
        parts.append(tr("given up: {number}", number=in_words(unmet)))
    if needs > met + unmet:
        parts.append(tr("cut short: {number}", number=in_words(needs - met - unmet)))
    counted = {"time": time, "number": in_words(needs), "what_came": "; ".join(parts)}
    if happened["arrived"]:
        return tr_number(
            "In all: {time} in the country, {number} need for help ({what_came}).",
            "In all: {time} in the country, {number} needs for help ({what_came}).",
            needs,
            **counted,
        )
    return tr_number(
        "In all: {time} on record, {number} need for help ({what_came}).",
        "In all: {time} on record, {number} needs for help ({what_came}).",
        needs,
        **counted,
    )


def _moves_in_all(moves: int) -> str:
    if moves <= 2:
        return tr("Moved once.") if moves == 1 else tr("Moved twice.")
    return tr("Moved {number} times.", number=in_words(moves))
