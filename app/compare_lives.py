"""Whose life differs: who was served in one world and not in the other, as `compare` prints it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from .tables import add_row, titled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from ..outcomes.run import Run

HEADINGS = ("served in both", "only first", "only second", "in neither", "in one only")


def lives_told(
    one: Run, other: Run, names: tuple[str, str], folders: tuple[str, str] | None
) -> tuple[Table | None, list[str]]:
    """Who was served in one of two runs and not in the other, by status, and how to read it.

    `folders` of the two runs, if there are any: where one life can be followed. No table, but a word on why, where
    the lives can't be compared.
    """
    from ..outcomes.divergence import compare_lives, divergence, divergence_kinds, example_life
    from ..outcomes.story import StoryError
    from ..outcomes.wording import joined

    try:
        lives = compare_lives(one, other)
    except StoryError as error:
        return None, [f"No single lives are compared. {error}"]
    table = _table(lives, one, names)
    parted = int(lives["parted"].count())
    words = [
        f"None of {len(lives):,} recorded lives{_share(one)} parts: the same happens to everybody in both."
    ]
    if parted:
        most = [f"{how} ({number:,})" for how, number in list(divergence_kinds(lives).items())[:3]]
        words = [
            f"Of {len(lives):,} recorded lives{_share(one)}, {parted:,} part: something happens otherwise from some "
            f"month on, first of all {joined(most)}. The status is the one held then; served: at least one need met "
            "in the whole life."
        ]
    chosen = example_life(lives)
    if chosen is not None and (found := divergence(one, other, chosen)) is not None:
        words.append(f"One of them, migrant {chosen}. {found.telling}")
        if folders:
            command = ["local-citizenship", "story", folders[0], str(chosen), "--against", folders[1]]
            words.append(f"Both lives: {shlex.join(command)}")
    return table, words


def _table(lives: pd.DataFrame, run: Run, names: tuple[str, str]) -> Table:
    from ..outcomes.divergence import SERVED_IN, who_was_served

    title = f"Who was served: {names[0]} and {names[1]}, seed {run.seed}"
    numbers = ("lives", "parted", *HEADINGS)
    table = titled(title, "status", *numbers, numbers=numbers)
    for row in who_was_served(lives).to_dict("records"):
        if row["status"] == "all":
            table.add_section()
        add_row(table, row["status"], *(f"{row[name]:,}" for name in ("lives", "parted", *SERVED_IN)))
    return table


def _share(run: Run) -> str:
    share = float(run.parameters.get("stories.share", 1.0))
    return "" if share >= 1 else f" (a share of {share:g} of all; more: --set stories.share=...)"
