"""Which of the lives that part in two runs is told as an example, and why that one."""

from __future__ import annotations

import pandas as pd

from .divergence import ASKED_OR_NOT, ONLY_A, ONLY_B, READABLE, Divergence
from .run import Run
from .story import life_of, months_of
from .wording import joined, month_name


def example_life(lives: pd.DataFrame) -> int | None:
    """A life that shows the difference: served in one world alone, parting over a need, and short enough to be read.

    None if none parted. Of equals the one with most needs, then the smallest number; without such a life, any that
    parted.
    """
    order = _worth_telling(lives)
    return None if order.empty else int(order["migrant"].iloc[0])


def why_this_life(lives: pd.DataFrame, names: tuple[str, str]) -> str:
    """In a clause, why `example_life` chose its life; "" where it chose none. `names`: of the two worlds."""
    order = _worth_telling(lives)
    if order.empty:
        return ""
    chosen = order.iloc[0]
    (served,) = lives.loc[lives["migrant"] == chosen["migrant"], "served_in"]
    found, alike = list[str](), order["parted_at_all"]
    for flag, words in (
        ("apart", f"helped in {names[int(served == ONLY_B)]} alone" if not chosen["apart"] else ""),
        ("elsewhere", "parted by whether help was asked for or given"),
        ("long", "short enough to be read at a sitting"),
        ("early", "alike at first"),
    ):
        if not chosen[flag]:
            found.append(words)
        alike = alike & (
            order[flag] == chosen[flag]
        )  # as the lives were ranked, also where it speaks against it
    number = int(alike.sum())
    why = f"chosen as a life {joined(found)}" if found else "chosen since no other parts in a clearer way"
    return f"{why}; of {number:,} such lives that with most needs" if number > 1 else f"{why}, the only one"


def help_to_come(found: Divergence, run: Run, name: str) -> str:
    """In a sentence, when the life was first helped in the run in which it was helped; "" if by the parting's month.

    `name`: of the run's world.
    """
    life = life_of(run, found.migrant)
    month = int(life.loc[life["event"] == "served", "month"].iloc[0])
    if month <= found.month:
        return ""
    told = next(each for each in months_of(run, life, month) if each.month == month)
    return f"Help came in {name} in {month_name(run.date(month))}: {' '.join(told.sentences)}"


def may_be_chance(lives: pd.DataFrame, names: tuple[str, str]) -> str:
    """In a sentence, that one life proves nothing, and how many differ which way; `names`: of the two worlds."""
    first, other = (int((lives["served_in"] == which).sum()) for which in (ONLY_A, ONLY_B))
    were = "was" if first == 1 else "were"
    return (
        f"One life may be chance: of these {len(lives):,}, all under one seed, {first:,} {were} helped in {names[0]} "
        f"alone, {other:,} in {names[1]} alone."
    )


def _worth_telling(lives: pd.DataFrame) -> pd.DataFrame:
    """The lives that part, the best example first, by what speaks against each."""
    parted = lives[lives["parted"].notna()]
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
    return order.sort_values(list(order.columns)).assign(parted_at_all=True)
