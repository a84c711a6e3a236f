"""One sampled life, told in plain sentences from the recorded events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from ..scenarios.catalogue import BY_JOB, REASONS
from .run import Run
from .sentences import Moment, duration, name_at, sentence
from .wording import in_words, joined, month_name, provider_named

CLAIMS = ("asked", "served", "refused", "turned_away")
# What may happen month after month while a need waits: said once, the rest is counted by the months waited.
SAID_ONCE = ("afraid", "unwilling", "ineligible")
SAID_AGAIN = ("asked", "refused", "turned_away")
SAID_TOGETHER = ("learned_city", "learned_ngo")
CAME_BACK = 3  # `detail` of the consequence that a need came back


class StoryError(Exception):
    """There is no such life to tell; the message says why and what would help."""


def list_lives(run: Run) -> pd.DataFrame:
    """The recorded lives, one row each, in order of migrant.

    Columns: migrant; door; first, last (dates of the first and last event); months (between them); events,
    needs, met, moves (counts); statuses ("legal, overstayer"); end ("target", ..., or "recorded to the end").
    Errors: StoryError if none was recorded.
    """
    events = recorded(run)
    rows = []
    for migrant, life in events.groupby("migrant", sort=True):
        names = life["event"].astype(str)
        first, last = int(life["month"].iloc[0]), int(life["month"].iloc[-1])
        gone = life[names == "left"]
        reason = name_at(REASONS, int(gone["detail"].iloc[-1])) if len(gone) else ""
        if (names == "deported").any():
            reason = "deported"
        rows.append(
            {
                "migrant": migrant,
                "door": _door(run, life),
                "first": run.date(first),
                "last": run.date(last),
                "months": last - first,
                "events": len(life),
                "needs": int((names == "need").sum()),
                "met": int((names == "served").sum()),
                "moves": int((names == "moved").sum()),
                "statuses": ", ".join(dict.fromkeys(life["status"].astype(str))),
                "end": reason or ("left" if len(gone) else "recorded to the end"),
            }
        )
    return pd.DataFrame(rows).astype({"migrant": "uint64"})


def tell(run: Run, migrant: int | None = None) -> str:
    """The life of a migrant in plain dated sentences; without a number, of one whose life shows much.

    Errors: StoryError if no life was recorded, or not this one.
    """
    if migrant is None:
        migrant = _instructive(recorded(run))
    life = life_of(run, migrant)
    lines = [f"The life of migrant {migrant} (scenario {run.scenario_name}, seed {run.seed})", ""]
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
    places = run.table("places")
    place = {int(i): str(name) for i, name in zip(places["place"], places["name"], strict=True)}
    begin, arrived = int(life["month"].iloc[0]), _has_arrived(life)
    told = []
    for month, sentences in _told(run, life, place, in_full):
        when = month_name(run.date(month))
        if month > begin:
            since = duration(month - begin)
            when += f", after {since}" if arrived else f", {since} into the record"
        told.append(MonthTold(month, when, sentences))
    return told


def _has_arrived(life: pd.DataFrame) -> bool:
    """Whether the life is told from its first day in the country."""
    return bool((life["event"].astype(str) == "arrived").any())


def recorded(run: Run) -> pd.DataFrame:
    """The recorded events of all lives, oldest first. Errors: StoryError if there are none."""
    events = run.tables.get("events")
    if events is None or events.empty:
        share = run.parameters.get("stories.share")
        if share:
            raise StoryError(
                f"None of this run's people was in the share of {share:g} whose lives are recorded; run it again "
                "with more: --set stories.share=0.1"
            )
        raise StoryError("This run recorded no lives; run it again with --set stories.share=0.01")
    return events.sort_values("month", kind="stable")


def _door(run: Run, life: pd.DataFrame) -> str:
    first = life[life["event"].astype(str).isin(["arrived", "present"])]
    return name_at(run.entries.doors.names, int(first["detail"].iloc[0])) if len(first) else ""


def _instructive(events: pd.DataFrame) -> int:
    """A life that shows much and can still be read: the most kinds of turns in at most forty events."""
    kinds = events["event"].astype(str)
    best, best_score = None, (-1, 0, 0)
    for migrant, own in kinds.groupby(events["migrant"], sort=True):
        present = set(own)
        wanted = (
            ("arrived" in present) + ("need" in present) + bool(present & set(CLAIMS)) + ("moved" in present)
        )
        ended = bool(present & {"left", "deported"}) + ("gave_up" in present and "served" in present)
        score = (wanted, ended - (len(own) > 40), len(present))
        if score > best_score:  # of equals the smallest number
            best, best_score = migrant, score
    assert best is not None
    return int(str(best))


def _told(
    run: Run, life: pd.DataFrame, place: dict[int, str], in_full: int | None
) -> Iterator[tuple[int, list[str]]]:
    """(month, its sentences), for each month in which something is told."""
    said: set[tuple[str, str, str]] = set()
    known: tuple[bool, bool] | None = None
    month, told = -1, list[str]()
    for moment in _together(_moments(run, life, place)):
        if moment.month != month:
            if told:
                yield month, told
            month, told = moment.month, []
        if moment.event == "need":
            knows = (moment.knows_city, moment.knows_ngo)
            moment, known = replace(moment, again=knows == known), knows
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
        if words not in told:
            told.append(words)
    if told:
        yield month, told


def _moments(run: Run, life: pd.DataFrame, place: dict[int, str]) -> Iterator[Moment]:
    door = _door(run, life)
    years = run.parameters.get(f"doors.{door}.target_years", 0.0) if door else 0.0
    deported = (life["event"].astype(str) == "deported").any()
    records: list[dict[str, Any]] = [
        dict(zip(life.columns, row, strict=True)) for row in life.itertuples(index=False)
    ]
    paid_by_job = {
        row["month"]
        for row in records
        if _name(row["event"]) == "asked" and _name(row["provider"]) == "nation" and row["detail"] == BY_JOB
    }
    for row in records:
        event, detail = _name(row["event"]), int(row["detail"])
        if event == "served" and row["month"] in paid_by_job:
            detail = BY_JOB
        if event == "left" and deported and name_at(REASONS, detail) == "deported":
            continue  # the deportation is told already
        yield Moment(
            month=int(row["month"]),
            event=event,
            place=place.get(row["place"], "another place"),
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
    arrived = _has_arrived(life)
    names = life["event"].astype(str)
    months = int(life["month"].iloc[-1]) - int(life["month"].iloc[0])
    gone = bool(names.isin(["left", "deported"]).any())
    if not gone:
        months = run.months - int(life["month"].iloc[0])
    needs, met, unmet = (int((names == e).sum()) for e in ("need", "served", "gave_up"))
    span = f"{duration(months)} {'in the country' if arrived else 'on record'}"
    if not needs:
        story = f"In all: {span}, and no need for help."
    else:
        story = f"In all: {span}, {in_words(needs)} need{'s' if needs != 1 else ''} for help"
        helped = life[names == "served"]["provider"].map(_name)
        by = [f"{in_words(int(n))} by {provider_named(p)}" for p, n in Counter(helped).items() if n]
        parts = [f"met: {joined(by)}"] if met else []
        if unmet:
            parts.append(f"given up: {in_words(unmet)}")
        if needs > met + unmet:
            parts.append(f"cut short: {in_words(needs - met - unmet)}")
        story += f" ({'; '.join(parts)})."
    moves = int((names == "moved").sum())
    if moves:
        story += f" Moved {'once' if moves == 1 else 'twice' if moves == 2 else f'{in_words(moves)} times'}."
    if not gone:
        story += f" Still there at the end of the run, {month_name(run.date(run.months - 1))}."
    return story
