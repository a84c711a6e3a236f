"""One life in two worlds: who was served in one and not in the other, and where two lives part.

Two runs with one seed hold the same people: everything that befalls somebody is drawn from who they are (month and
door of arrival, ordinal), never from a stream that others use too. Until policy touches a life, by itself or by way
of others (whom it kept in the country, who told them something, who stood in the queue before them), it goes on in
both worlds alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..scenarios.catalogue import EVENTS, STATUSES
from ..scenarios.languages import later, tr, tr_number
from .run import Run
from .sentences import name_at
from .story import MonthTold, StoryError, in_turn, life_of, months_of, recorded, share_recorded
from .wording import in_words, joined, level, month_name, sentence
from .worlds import why_other_people, world_names

BOTH, ONLY_A, ONLY_B, NEITHER, ELSEWHERE = "both", "only_a", "only_b", "neither", "in_one_only"
SERVED_IN = (BOTH, ONLY_A, ONLY_B, NEITHER, ELSEWHERE)
ALL = "all"
# What of an event is the life itself; the rest of its row is what the migrant knew and feared at that moment.
LIVED = ("event", "place", "status", "need", "provider", "detail", "settler")
READABLE = 40  # events, up to which a life can be read at a sitting
LEAST_FEAR, LEAST_LEVEL = 0.05, 0.02  # lesser differences are no reason
HOW = {
    "where to live": ("arrived", "present", "moved"),
    "whom they ask for help, or do not": ("asked", "afraid", "unwilling", "ineligible", "gave_up"),
    "whether asking helps": ("served", "refused", "turned_away"),
    "what they hear of": ("learned_city", "learned_ngo"),
    "caught, deported or released": ("apprehended", "deported", "released"),
    "status, plans or leaving": ("status", "settled", "extended", "laid_off", "found_work", "left"),
    "enrolments": ("joined", "quit", "insured", "insurance_lapsed", "lost"),
    "needs": ("need", "consequence"),
}
ASKED_OR_NOT = (*HOW["whom they ask for help, or do not"], *HOW["whether asking helps"])
# What knowing and fear weigh in: nobody is caught, or loses work, by them. (Fear: also in whether to stay on.)
BY_KNOWING = (*ASKED_OR_NOT, *HOW["enrolments"])
BY_FEAR = (*ASKED_OR_NOT, "extended", "left")
NO_REASON = later(
    "The record holds no reason that is this migrant's own: it came by way of others, or of the country as a whole "
    "(who else asked, who told them, how strictly the law was enforced)."
)


@dataclass(frozen=True)
class Divergence:
    """The first month in which one migrant's two recorded lives differ.

    `worlds`: what the two runs are called. `month`: index from the start, `date`: "1998-03"; `from_the_start`: the
    lives differ from their first event on. `both`: sentences of this month that are told of both lives, `a` and `b`
    those of one alone; `why`: sentences on what the record holds that explains it. `events_a`, `events_b`: the month's
    rows of the table events.
    """

    migrant: int
    worlds: tuple[str, str]
    month: int
    date: str
    from_the_start: bool
    both: tuple[str, ...]
    a: tuple[str, ...]
    b: tuple[str, ...]
    why: tuple[str, ...]
    events_a: pd.DataFrame
    events_b: pd.DataFrame

    @property
    def telling(self) -> str:
        """All of it in plain sentences: until when they were the same, what came to differ, and why."""
        same = tr("Until {date} both lives are the same.", date=month_name(self.date))
        parts = [tr("The two lives differ from the first.") if self.from_the_start else same]
        if self.both:
            parts.append(tr("That month, in both: {sentences}", sentences=" ".join(self.both)))
        for world, sentences in zip(self.worlds, (self.a, self.b), strict=True):
            told = " ".join(sentences) or tr("nothing that the record tells.")
            parts.append(tr("In {world}: {sentences}", world=world, sentences=told))
        return " ".join([*parts, *self.why])


def divergence(run_a: Run, run_b: Run, migrant: int) -> Divergence | None:
    """The first month in which the two recorded lives of `migrant` differ; None if they never do.

    Compared is what happened, where, and with which status and intention, up to the end of the shorter run; who
    lived in one world only parts at the first event there. Errors: StoryError if the runs are not of the same
    people, if one recorded no lives, or if neither recorded this one.
    """
    _same_people(run_a, run_b)
    lives = [_life_or_none(run, migrant, other) for run, other in ((run_a, run_b), (run_b, run_a))]
    end = min(run_a.months, run_b.months)
    a, b = (life[life["month"] < end] for life in lives)
    found = _parted(_steps(a), _steps(b))
    if found.empty:
        return None
    month, position = int(found["parted"].iloc[0]), int(found["step"].iloc[0])
    told_a, told_b = (_told_in(run, life, month) for run, life in ((run_a, a), (run_b, b)))
    shared = tuple(words for words in told_a if words in told_b)
    name_a, name_b = world_names([run_a.scenario, run_b.scenario])
    sides = (
        Side(run_a, name_a, a, _event(a, month, position)),
        Side(run_b, name_b, b, _event(b, month, position)),
    )
    return Divergence(
        migrant=migrant,
        worlds=(name_a, name_b),
        month=month,
        date=run_a.date(month),
        from_the_start=position == 0,
        both=shared,
        a=tuple(words for words in told_a if words not in shared),
        b=tuple(words for words in told_b if words not in shared),
        why=tuple(_reasons(sides, month, position)),
        events_a=a[a["month"] == month],
        events_b=b[b["month"] == month],
    )


def compare_lives(run_a: Run, run_b: Run) -> pd.DataFrame:
    """The lives that either run recorded, one row each, by migrant. Columns:

    migrant; parted (index of the month, missing if never), date ("1998-03", or ""); event_a, event_b (the first
    events that differ, "" where that life has none in this month); in_a, in_b (recorded there);
    needs_a, needs_b, met_a, met_b (counts); served_a, served_b (whether any need was met); served_in ("both",
    "only_a", "only_b", "neither", "in_one_only"); status (held when the lives parted, or last if they never did);
    statuses_a, statuses_b ("legal, overstayer"); events (in both lives together).

    Up to the end of the shorter run. Errors: StoryError as `divergence`.
    """
    _same_people(run_a, run_b)
    end = min(run_a.months, run_b.months)
    events = [table[table["month"] < end] for table in (recorded(run_a), recorded(run_b))]
    steps_a, steps_b = (_steps(table) for table in events)
    parted = _parted(steps_a, steps_b)
    sums = [_sums(table) for table in events]
    lives = sums[0].add_suffix("_a").join(sums[1].add_suffix("_b"), how="outer").sort_index()
    result = pd.DataFrame(index=lives.index)
    result["parted"] = parted["parted"].reindex(lives.index).astype("Int16")
    result["date"] = ["" if pd.isna(month) else run_a.date(int(month)) for month in result["parted"]]
    for world, steps in (("a", steps_a), ("b", steps_b)):
        result[f"event_{world}"] = _event_at(steps, parted).reindex(lives.index, fill_value="")
        result[f"in_{world}"] = lives[f"events_{world}"].notna()
        for count in ("needs", "met"):
            result[f"{count}_{world}"] = lives[f"{count}_{world}"].fillna(0).astype("int64")
        result[f"served_{world}"] = result[f"met_{world}"] > 0
        result[f"statuses_{world}"] = lives[f"statuses_{world}"].fillna("")
    here = result["in_a"] & result["in_b"]
    a, b = result["served_a"], result["served_b"]
    result["served_in"] = pd.Categorical(
        np.select([~here, a & b, a, b], [ELSEWHERE, BOTH, ONLY_A, ONLY_B], NEITHER), SERVED_IN, ordered=True
    )
    result["status"] = _status_at_parting(steps_a, steps_b, parted).reindex(lives.index)
    result["events"] = lives[["events_a", "events_b"]].sum(axis=1).astype("int64")
    return result.rename_axis("migrant").reset_index()


def who_was_served(lives: pd.DataFrame) -> pd.DataFrame:
    """Numbers of lives by status, all together last; `lives`: as from `compare_lives`.

    Columns: status, lives, parted, both, only_a, only_b, neither, in_one_only; the last five sum to `lives`.
    """
    rows = []
    for status in (*STATUSES, ALL):
        own = lives if status == ALL else lives[lives["status"] == status]
        if len(own) or status == ALL:
            counts = {kind: int((own["served_in"] == kind).sum()) for kind in SERVED_IN}
            rows.append({"status": status, "lives": len(own), "parted": int(own["parted"].count()), **counts})
    return pd.DataFrame(rows)


def divergence_kinds(lives: pd.DataFrame) -> dict[str, int]:
    """Number of lives by what parts them, the most frequent first; `lives`: as from `compare_lives`.

    The first event that differs counts: the one in the first world, or the other's where that life has none.
    """
    parted = lives[lives["parted"].notna()]
    event = parted["event_a"].where(parted["event_a"] != "", parted["event_b"])
    kinds = event.map({name: how for how, names in HOW.items() for name in names})
    return {str(how): int(number) for how, number in kinds.value_counts().items()}


def before(run: Run, migrant: int, month: int) -> list[str]:
    """What came before `month` of the run, briefly: how the record begins, and what else there was, in a sentence."""
    life = life_of(run, migrant)
    earlier = life[life["month"] < month]
    if earlier.empty:
        return []
    first, *rest = months_of(run, earlier)
    lines = [f"{first.when}: {' '.join(first.sentences)}"]
    if not rest:
        return lines
    names = earlier.loc[earlier["month"] > first.month, "event"].astype(str)
    found = {event: int((names == event).sum()) for event in ("need", "served", "moved", "status")}
    number = {event: in_words(many) for event, many in found.items()}
    counted = {
        "need": tr_number("{number} need", "{number} needs", found["need"], number=number["need"]),
        "served": tr("{number} of them met", number=number["served"]),
        "moved": tr_number("{number} move", "{number} moves", found["moved"], number=number["moved"]),
        "status": tr_number(
            "{number} change of status",
            "{number} changes of status",
            found["status"],
            number=number["status"],
        ),
    }
    parts = [said for event, said in counted.items() if found[event]]
    until = month_name(run.date(month))
    if parts:
        lines.append(tr("From then to {month}: {counts}.", month=until, counts=joined(parts)))
    else:
        lines.append(tr("From then to {month}: no need, no move and no change of status.", month=until))
    return lines


def afterwards(run: Run, migrant: int, month: int) -> list[MonthTold]:
    """The months of a life from `month` on in which something is told; none if the life is not in this run."""
    life = _life_or_none(run, migrant, None)
    return [] if life.empty else [told for told in months_of(run, life) if told.month >= month]


def _same_people(run_a: Run, run_b: Run) -> None:
    why = why_other_people(run_a, run_b)
    one, other = (share_recorded(run) for run in (run_a, run_b))
    if why is None and one != other:
        why = (
            f"One run records a share of {one:g} of its lives, the other one of {other:g}: "
            "give both the same --set stories.share=..."
        )
    if why is not None:
        raise StoryError(why)


def _life_or_none(run: Run, migrant: int, other: Run | None) -> pd.DataFrame:
    """The events of one life, none if it is recorded in the `other` run alone."""
    events = recorded(run)
    life = events[events["migrant"] == migrant]
    if life.empty and other is not None and not (recorded(other)["migrant"] == migrant).any():
        return life_of(run, migrant)  # which says so
    return life


def _steps(events: pd.DataFrame) -> pd.DataFrame:
    """The events with `step`, their number within the life (from 0), as index migrant and step."""
    step = events.groupby("migrant", sort=False).cumcount()
    kept = events[["migrant", "month", *LIVED]].assign(step=step)
    for name in ("event", "status", "need", "provider"):
        kept[name] = events[name].cat.codes if hasattr(events[name], "cat") else events[name]
    return kept.set_index(["migrant", "step"]).sort_index()


def _parted(a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """Lives that part, by migrant: `parted` (month) and `step` (number of the first event that differs)."""
    a, b = a.align(b, join="outer")  # what one life lacks is missing throughout
    differs = (a.to_numpy(float) != b.to_numpy(float)).any(axis=1)
    month = np.fmin(a["month"].to_numpy(float), b["month"].to_numpy(float))
    found = pd.DataFrame({"parted": month}, index=a.index)[differs].reset_index()
    return found.groupby("migrant", sort=True).first()


def _event_at(steps: pd.DataFrame, parted: pd.DataFrame) -> pd.Series:
    """By migrant: the name of the event at which a life parts; "" where it has none in that month."""
    at = steps.reindex(pd.MultiIndex.from_arrays([parted.index, parted["step"]]))
    here = at["month"].to_numpy(float) == parted["parted"].to_numpy(float)
    codes = np.where(here, at["event"].fillna(-1).to_numpy(float), -1).astype(int)
    return pd.Series([name_at(EVENTS, code) for code in codes], index=parted.index, dtype=object)


def _status_at_parting(a: pd.DataFrame, b: pd.DataFrame, parted: pd.DataFrame) -> pd.Series:
    """By migrant: the status of the last event in common (of the first, if there is none)."""
    rows = pd.concat([a, b])["status"].reset_index()
    until = rows["migrant"].map(parted["step"]).fillna(np.inf)
    known = rows[(rows["step"] < until) | (rows["step"] == 0)].sort_values("step", kind="stable")
    codes = known.groupby("migrant")["status"].last()
    return codes.map(lambda code: STATUSES[int(code)])


def _sums(events: pd.DataFrame) -> pd.DataFrame:
    """By migrant: events, needs, met (counts), statuses."""
    names = events["event"].astype(str)
    by = events["migrant"].to_numpy()
    return pd.DataFrame(
        {
            "events": names.groupby(by).size(),
            "needs": (names == "need").groupby(by).sum(),
            "met": (names == "served").groupby(by).sum(),
            "statuses": events["status"].astype(str).groupby(by).agg(in_turn),
        }
    )


def _told_in(run: Run, life: pd.DataFrame, month: int) -> list[str]:
    """The sentences of one month of a life."""
    if life.empty:
        return [tr("Never came to the country.")]
    return [words for told in months_of(run, life, month) if told.month == month for words in told.sentences]


# Why two lives part: what the record holds of the migrant's mind and of the place at that moment, in either world.


class Side(NamedTuple):
    """One of two worlds: its run and name, all events of the life there, and its event at which they part, if any."""

    run: Run
    name: str
    life: pd.DataFrame
    event: pd.Series | None

    @property
    def happened(self) -> str:
        """The name of the event, "" where there is none."""
        return "" if self.event is None else str(self.event["event"])


Sides = tuple[Side, Side]


def _reasons(sides: Sides, month: int, position: int) -> list[str]:
    """Sentences on why two lives differ from event number `position` on, in `month` (index from the start).

    Where one life is missing altogether, there is nothing to say.
    """
    if any(side.life.empty for side in sides):
        return []
    found = list(_of_the_mind(sides, position))
    places = {int(side.event["place"]) for side in sides if side.event is not None}
    if len(places) == 1:
        found += _of_the_place(sides, month, places.pop())
    elif all(side.happened in HOW["where to live"] for side in sides):
        found += _of_the_choice(sides, month)
    return found or [tr(NO_REASON)]


def _event(life: pd.DataFrame, month: int, position: int) -> pd.Series | None:
    """The life's event of this number, if it falls into the month."""
    row = life.iloc[position] if position < len(life) else None
    return row if row is not None and int(row["month"]) == month else None


def _of_the_mind(sides: Sides, position: int) -> Iterator[str]:
    """What was known and feared, where these events turn on it, by the rows in which it can be compared: of this
    event, or the last in common."""
    names, happened = (sides[0].name, sides[1].name), {side.happened for side in sides} - {""}

    def by(these: tuple[str, ...]) -> bool:
        return happened <= set(these)

    a, b = (side.event for side in sides)
    if a is None or b is None:
        if not position:
            return
        a, b = (side.life.iloc[position - 1] for side in sides)
    if int(a["place"]) == int(b["place"]) and by(BY_KNOWING):
        for column, said in _KNEW.items():
            if bool(a[column]) != bool(b[column]):
                knew, not_so = names if a[column] else names[::-1]
                yield tr(said, world=knew, other=not_so)
    one, other = float(a["fear"]), float(b["fear"])
    if abs(one - other) >= LEAST_FEAR and by(BY_FEAR):
        yield tr(
            "Fear of being caught was {first} in {world} and {second} in {other} (from 0, none, to 1).",
            first=level(one),
            world=names[0],
            second=level(other),
            other=names[1],
        )


_KNEW = {
    "knows_city": later(
        "In {world} the migrant knew something of what the town hall offers, in {other} not."
    ),
    "knows_ngo": later("In {world} the migrant knew of an NGO here, in {other} not."),
}


def _of_the_place(sides: Sides, month: int, place: int) -> Iterator[str]:
    """What the town did in either world, where both were in the same town."""
    a, b = (_place_in_year(side.run, place, month) for side in sides)
    if a is None or b is None:
        return
    run, names, happened = sides[0].run, (sides[0].name, sides[1].name), {side.happened for side in sides}
    told = {"town": _town(run, place), "year": int(a["year"]), "world": names[0], "other": names[1]}
    for service in _services_at_stake(sides):
        was, instead = float(a[f"level_{service}"]), float(b[f"level_{service}"])
        if abs(was - instead) >= LEAST_LEVEL:
            yield tr(
                "{service} of {town} stood at level {first} in {world} and {second} in {other} (at the end of {year}).",
                **told,
                service=sentence(run.entries.services[service].words),
                first=level(was),
                second=level(instead),
            )
    if bool(a["firewall"]) != bool(b["firewall"]) and happened & {"asked", "afraid"}:
        apart, not_so = names if a["firewall"] else names[::-1]
        yield tr(
            "In {world} {town} kept its services apart from immigration control, in {other} not "
            "(at the end of {year}).",
            **{**told, "world": apart, "other": not_so},
        )
    of_ngos = any(side.event is not None and str(side.event["provider"]) == "ngo" for side in sides)
    if (of_ngos or "learned_ngo" in happened) and int(a["ngos"]) != int(b["ngos"]):
        yield tr(
            "{town} had {first} NGOs in {world} and {second} in {other} (at the end of {year}).",
            **told,
            first=int(a["ngos"]),
            second=int(b["ngos"]),
        )


def _of_the_choice(sides: Sides, month: int) -> Iterator[str]:
    """The two towns in which the migrant went to live."""
    for run, name, _, event in sides:
        place = -1 if event is None else int(event["place"])
        state = _place_in_year(run, place, month)
        if state is not None:
            yield tr(
                "In {world} services of {town} averaged {level} at the end of {year}.",
                world=name,
                town=_town(run, place),
                level=level(float(state["service_level"])),
                year=int(state["year"]),
            )


def _services_at_stake(sides: Sides) -> list[str]:
    """The city's services on which these events turn."""
    services, found = sides[0].run.entries.services, list[str]()
    for side in sides:
        if side.event is None:
            continue
        own = name_at(services.names, int(side.event["detail"]))
        if side.happened in ASKED_OR_NOT:  # those that answer the need, in the order in which they are tried
            need = str(side.event["need"])
            answering = [name for name in services if need in services[name].answers]
            found += sorted(answering, key=lambda name: services[name].turn)
        elif side.happened == "learned_city":
            found += [*services.having("informs"), own]
        elif side.happened in ("joined", "quit"):
            found.append(own)
        elif side.happened in ("insured", "insurance_lapsed"):
            found += services.having("insurance")
    return [service for service in dict.fromkeys(found) if service]


def _place_in_year(run: Run, place: int, month: int) -> pd.Series | None:
    """The place at the last December that had been decided by `month`; the first there is, before that; or None."""
    yearly = run.table("places_yearly")
    own = yearly[yearly["place"] == place].sort_values("year")
    if own.empty:
        return None
    year, calendar_month = (int(part) for part in run.date(month).split("-"))
    decided = calendar_month >= int(run.parameters.get("city.fiscal_month", 4))
    past = own[own["year"] <= (year if decided else year - 1)]
    return past.iloc[-1] if len(past) else own.iloc[0]


def _town(run: Run, place: int) -> str:
    places = run.table("places")
    return str(places.loc[places["place"] == place, "name"].iloc[0])
