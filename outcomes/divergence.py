"""One life in two worlds: who was served in one and not in the other, and where two lives part.

Two runs with one seed hold the same people: everything that befalls somebody is drawn from who they are (month and
door of arrival, ordinal), never from a stream that others use too. Until policy touches a life, by itself or by way
of others (whom it kept in the country, who told them something, who stood in the queue before them), it goes on in
both worlds alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..scenarios.catalogue import EVENTS, STATUSES
from .divergence_reasons import ASKED_OR_NOT, reasons
from .run import Run
from .sentences import name_at
from .story import MonthTold, StoryError, life_of, months_of, recorded
from .wording import in_words, joined, month_name
from .worlds import why_other_people, world_names

BOTH, ONLY_A, ONLY_B, NEITHER, ELSEWHERE = "both", "only_a", "only_b", "neither", "in_one_only"
SERVED_IN = (BOTH, ONLY_A, ONLY_B, NEITHER, ELSEWHERE)
ALL = "all"
# What of an event is the life itself; the rest of its row is what the migrant knew and feared at that moment.
LIVED = ("event", "place", "status", "need", "provider", "detail", "settler")
READABLE = 40  # events, up to which a life can be read at a sitting


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
        when = month_name(self.date)
        parts = [
            "The two lives differ from the first."
            if self.from_the_start
            else f"Until {when} both lives are the same."
        ]
        if self.both:
            parts.append(f"That month, in both: {' '.join(self.both)}")
        for world, sentences in zip(self.worlds, (self.a, self.b), strict=True):
            parts.append(f"In {world}: {' '.join(sentences) or 'nothing that the record tells.'}")
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
    told = [_told_in(run, life, month) for run, life in ((run_a, a), (run_b, b))]
    shared = tuple(words for words in told[0] if words in told[1])
    name_a, name_b = world_names([run_a.scenario, run_b.scenario])
    return Divergence(
        migrant=migrant,
        worlds=(name_a, name_b),
        month=month,
        date=run_a.date(month),
        from_the_start=position == 0,
        both=shared,
        a=tuple(words for words in told[0] if words not in shared),
        b=tuple(words for words in told[1] if words not in shared),
        why=tuple(reasons((run_a, run_b), (a, b), (name_a, name_b), month, position)),
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


HOW = {
    "where to live": ("arrived", "present", "moved"),
    "whom they ask for help, or do not": ("asked", "afraid", "unwilling", "ineligible", "gave_up"),
    "whether asking helps": ("served", "refused", "turned_away"),
    "what they hear of": ("learned_city", "learned_ngo"),
    "caught, deported or released": ("apprehended", "deported", "released"),
    "status, plans or leaving": ("status", "settled", "extended", "left"),
    "enrolments": ("joined", "quit", "insured", "insurance_lapsed", "lost"),
    "needs": ("need", "consequence"),
}


def divergence_kinds(lives: pd.DataFrame) -> dict[str, int]:
    """Number of lives by what parts them, the most frequent first; `lives`: as from `compare_lives`.

    The first event that differs counts: the one in the first world, or the other's where that life has none.
    """
    parted = lives[lives["parted"].notna()]
    event = parted["event_a"].where(parted["event_a"] != "", parted["event_b"])
    kinds = event.map({name: how for how, names in HOW.items() for name in names})
    return {str(how): int(number) for how, number in kinds.value_counts().items()}


def example_life(lives: pd.DataFrame) -> int | None:
    """A life that shows the difference: served in one world alone, parting over a need, and short enough to be read.

    None if none parted. Of equals the one with most needs, then the smallest number; without such a life, any that
    parted.
    """
    parted = lives[lives["parted"].notna()]
    if parted.empty:
        return None
    order = pd.DataFrame(
        {
            "apart": ~parted["served_in"].isin([ONLY_A, ONLY_B]),
            "elsewhere": ~parted[["event_a", "event_b"]].isin(ASKED_OR_NOT).any(axis=1),
            "long": parted["events"] > 2 * READABLE,
            "early": parted["parted"] == 0,
            "needs": -(parted["needs_a"] + parted["needs_b"]),
            "migrant": parted["migrant"],
        }
    )
    return int(order.sort_values(list(order.columns))["migrant"].iloc[0])


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
    parts = [
        f"{in_words(int(number))} {one if number == 1 else many}"
        for event, one, many in (
            ("need", "need", "needs"),
            ("served", "of them met", "of them met"),
            ("moved", "move", "moves"),
            ("status", "change of status", "changes of status"),
        )
        if (number := (names == event).sum())
    ]
    until = month_name(run.date(month))
    lines.append(f"From then to {until}: {joined(parts) or 'no need, no move and no change of status'}.")
    return lines


def afterwards(run: Run, migrant: int, month: int) -> list[MonthTold]:
    """The months of a life from `month` on in which something is told; none if the life is not in this run."""
    life = _life_or_none(run, migrant, None)
    return [] if life.empty else [told for told in months_of(run, life) if told.month >= month]


def _same_people(run_a: Run, run_b: Run) -> None:
    why = why_other_people(run_a, run_b)
    shares = [run.parameters.get("stories.share") for run in (run_a, run_b)]
    if why is None and shares[0] != shares[1]:
        why = (
            f"One run records a share of {shares[0]:g} of its lives, the other one of {shares[1]:g}: "
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
            "statuses": events["status"].astype(str).groupby(by).agg(_in_turn),
        }
    )


def _in_turn(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _told_in(run: Run, life: pd.DataFrame, month: int) -> list[str]:
    """The sentences of one month of a life."""
    if life.empty:
        return ["Never came to the country."]
    return [words for told in months_of(run, life, month) if told.month == month for words in told.sentences]
