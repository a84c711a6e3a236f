"""What mechanisms do in plausible worlds (docs/effects-worlds.md): each pair of runs has another set of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ..outcomes.whole_folder import refusal_told, write_whole
from ..scenarios.markdown import markdown_table
from .effects import by_size, number, write_numbers
from .mechanisms import GROUPS, Mechanism
from .studies.ensembles import KeptEnsemble

MAIN, OTHERS = "needs_met", 2  # told of each mechanism: this outcome, and so many others that change most
NEARLY_ALL = 0.9  # of the worlds
HEAD = ("mechanism", "outcome", "on", "change", "90% of worlds", "same direction in")


def write_effects_over_worlds(
    path: Path,
    effects: pd.DataFrame,
    *,
    command: str,
    mechanisms: Sequence[Mechanism],
    scenario: str,
    ensemble: KeptEnsemble,
) -> Path:
    """Write all numbers (as from `effects_of` with an ensemble) as CSV, and the report beside them.

    Errors: OutputError if something can't be written.
    """
    numbers = write_numbers(path, effects)
    pairs = int(effects["pairs"].max())
    parts = [
        "# What each mechanism does in plausible worlds",
        f"Made by `{command}`: scenario `{scenario}`, {pairs} pairs of runs a mechanism, one with it on and one with "
        "it off. Both runs of a pair have the same luck and the same set of parameters, drawn by weight from "
        f"{ensemble.told}. The 90% of worlds hold luck as well as what nobody knows, since each world has one pair of "
        f"runs{_ends_of(pairs)}.",
        "A change is on minus off. *Same direction in*: the worlds whose change has the sign of the mean. Each "
        f"mechanism has a row of needs met, and of the {OTHERS} outcomes that change most for their size, of those "
        f"whose mean change is told from 0 by its 95% interval. All are in [{numbers.name}]({numbers.name}).",
        _summary(effects, pairs),
    ]
    for letter, title in GROUPS.items():
        rows = [row for each in mechanisms if each.id[0] == letter for row in _rows(each, effects)]
        parts += [f"## {title}", markdown_table(HEAD, rows)] if rows else []
    with refusal_told(path):
        write_whole(path, "\n\n".join(parts) + "\n")
    return path


def _ends_of(pairs: int) -> str:
    """A word on ends that are the outermost worlds, since there are no more."""
    within = (pairs - 1) / (pairs + 1)
    few = (
        f"; of {pairs} worlds the ends are the outermost, and a further one lies between them in {within:.0%}"
    )
    return few if within < 0.9 else ""


def _summary(effects: pd.DataFrame, pairs: int) -> str:
    main = effects[effects["outcome"] == MAIN]
    moved = main[main["change"] != 0.0]
    all_of_them = int((moved["alike"] == 1.0).sum())
    nearly = int((moved["alike"] >= NEARLY_ALL).sum()) - all_of_them
    still = len(main) - len(moved)
    return (
        f"With a mechanism on instead of off, **needs met** change in the same direction in all {pairs} worlds for "
        f"{all_of_them} of {len(main)} mechanisms, and in {NEARLY_ALL:.0%} of them or more for {nearly} others. For "
        f"{len(moved) - all_of_them - nearly} the direction differs between worlds, by luck or by what nobody knows."
        + (f" {still} {'leaves' if still == 1 else 'leave'} needs met as they are." if still else "")
    )


def _rows(mechanism: Mechanism, effects: pd.DataFrame) -> list[tuple[str, ...]]:
    found = effects[effects["mechanism"] == mechanism.id]
    others = by_size(found[found["outcome"] != MAIN])[:OTHERS]
    told = [*found[found["outcome"] == MAIN].to_dict("records"), *others.to_dict("records")]
    names = [f"{mechanism.id} {mechanism.name}", *[""] * len(told)]
    return [(name, *_cells(row)) for name, row in zip(names, told, strict=False)]


def _cells(row: dict[Any, Any]) -> tuple[str, ...]:
    share = f"{row['alike']:.0%}" if row["change"] else "no change"
    return (
        f"{row['label']} ({row['unit']})",
        number(row["on"]),
        number(row["change"], "+"),
        f"{number(row['worlds_low'], '+')} to {number(row['worlds_high'], '+')}",
        share,
    )
