"""What follows from parameters alone: worked out once for all who are alike, and looked up month after month.

The tables are fields of the world record. They spare the rules what they would compute anew for each migrant, powers
above all. Each tells from which fields it is made, so that it is made anew with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np

from ..agents.haste import haste_of
from ..agents.needs import BIRTHS, BY_HARM, BY_TENSION, PUPILS, VARIES_BY_RISK, chance_at_usual_risk
from ..agents.rule import interpreted


def derived_fields(needs: int, doors: int, trades: int) -> list[Any]:
    """The fields of the tables, for so many needs, doors and trades."""
    return [
        ("needs_chance", np.float64, (doors, 2, 2, needs)),  # D1: a month, unauthorised or not, women or men
        ("needs_varies", np.int64, (needs,)),  # what else it depends on, as bits (see agents/needs.py)
        ("willing_to_ask", np.float64, (trades, 2, 2, needs)),  # D4: settlers or not, in debt or not
        ("willing_to_join", np.float64, (trades, 2, 2)),
        ("most_willing_to_join", np.float64, (2,)),  # settlers or not, in whatever trade, in debt or not
        ("longest_hours", np.float64),  # of a trade
        ("nations_of_group", np.float64, (doors,)),  # D14: among which a group's people are divided
    ]


def _chances_of_needs(world: Any) -> Any:
    doors, needs = len(world.doors_work_risk), len(world.needs_rate)
    chances = np.zeros((doors, 2, 2, needs))
    for at in product(range(doors), range(2), range(2), range(needs)):
        chances[at] = interpreted(chance_at_usual_risk)(*at, world)
    return chances


def _what_needs_vary_by(world: Any) -> Any:
    bits = np.zeros(len(world.needs_risk), np.int64)
    for need, risk in enumerate(world.needs_risk):
        bits[need] = VARIES_BY_RISK.get(int(risk), 0)
    for bit, trait in (
        (BIRTHS, world.needs_childbirth),
        (PUPILS, world.needs_school_age),
        (BY_TENSION, world.needs_raised_by_tension),
        (BY_HARM, world.needs_raised_by_harm),
    ):
        bits |= bit * (np.array(trait) != 0)
    return bits


def _in_haste(world: Any, willing: float | np.ndarray) -> np.ndarray:
    """Of those who are `willing` at the usual haste, how many are at each one's own: (T, 2, 2) and as many as given."""
    found = np.zeros((len(world.trades_hours), 2, 2, *np.shape(willing)))
    for at in product(*map(range, found.shape[:3])):
        haste = float(interpreted(haste_of)(*at, world))
        # One by one, by Python's own power: an array's may differ in its last bit from machine to machine.
        found[at] = np.reshape([share**haste for share in np.ravel(willing).tolist()], np.shape(willing))
    return found


def _nations_of_groups(world: Any) -> np.ndarray:
    """Nations of each group, the most that a door of it names; 1 where there is no such group."""
    nations = np.ones(len(world.doors_nations))
    np.maximum.at(nations, np.array(world.group_of_door, np.int64), np.array(world.doors_nations))
    return nations


_HASTE = ("trades_hours", "claiming_haste_settler", "claiming_haste_debt")
# Field -> the fields it is made from, and how.
DERIVED: dict[str, tuple[tuple[str, ...], Callable[[Any], Any]]] = {
    "services_by_threshold": (
        ("services_threshold",),
        lambda world: np.argsort(world.services_threshold, kind="stable"),
    ),
    "needs_chance": (
        (
            *("needs_rate", "needs_risk", "needs_unauthorised", "needs_men"),
            *("doors_work_risk", "doors_housing_risk"),
        ),
        _chances_of_needs,
    ),
    "needs_varies": (
        (
            *("needs_risk", "needs_childbirth", "needs_school_age"),
            *("needs_raised_by_tension", "needs_raised_by_harm"),
        ),
        _what_needs_vary_by,
    ),
    "willing_to_ask": (
        ("needs_necessity", *_HASTE),
        lambda world: _in_haste(world, world.needs_necessity),
    ),
    "willing_to_join": (
        ("claiming_join_at_work", *_HASTE),
        lambda world: _in_haste(world, world.claiming_join_at_work),
    ),
    "most_willing_to_join": (
        ("claiming_join_at_work", *_HASTE),
        lambda world: _in_haste(world, world.claiming_join_at_work).max(axis=(0, 2)),
    ),
    "longest_hours": (("trades_hours",), lambda world: np.max(world.trades_hours)),
    "nations_of_group": (("doors_nations", "group_of_door"), _nations_of_groups),
}


def derive(record: Any, tables: Iterable[str] = DERIVED) -> None:
    """Work out tables of a world record in which the parameters, and the traits of entries, are written."""
    for table in tables:
        values = (record[field].tolist() for field in DERIVED[table][0])
        record[table] = _made(table, tuple(tuple(v) if isinstance(v, list) else v for v in values))


@lru_cache(128)  # the runs of a study, and the stages of a timeline, differ in few of the fields
def _made(table: str, values: tuple[Any, ...]) -> Any:
    """A table by what the fields that it is made from hold."""
    fields, make = DERIVED[table]
    return make(SimpleNamespace(**dict(zip(fields, values, strict=True))))


def derived_from(fields: Iterable[str]) -> set[str]:
    """The tables that are made from any of these fields."""
    given = set(fields)
    return {field for field, (sources, _) in DERIVED.items() if given & set(sources)}


def sources_of(fields: Iterable[str]) -> set[str]:
    """These fields, and for tables those that they are made from."""
    return {source for field in fields for source in (field, *DERIVED.get(field, ((), None))[0])}
