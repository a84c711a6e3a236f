"""`story RUN --against OTHER`: one life in two worlds, side by side from the moment at which it parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from .console import out

if TYPE_CHECKING:
    from ..outcomes.divergence import Divergence
    from ..outcomes.run import Run

NARROW = 70  # columns of a terminal, below which the lives follow one another


def tell_against(run_folder: Path, other_folder: Path, migrant: int | None) -> None:
    """Print one life in both runs; without a number, of one who was served in one world and not in the other.

    Errors: OutputError; StoryError if the runs are not of the same people, or the life was recorded in neither.
    """
    from ..outcomes.divergence import before, compare_lives, divergence
    from ..outcomes.example_life import example_life, may_be_chance, why_this_life
    from ..outcomes.places_info import NOBODYS, places_info
    from ..outcomes.run_folder import load_run
    from ..outcomes.worlds import world_names
    from ..scenarios.languages import tr

    one, other = load_run(run_folder), load_run(other_folder)
    names = world_names([one.scenario, other.scenario])
    screen = out()
    if migrant is None:
        lives = compare_lives(one, other)
        migrant = example_life(lives)
        if migrant is None:
            _say(f"No recorded life parts: to everybody the same happens in {names[0]} and in {names[1]}.")
            return
        both = names[0], names[1]
        _say(f"One life of those that part, {why_this_life(lives, both)}. {may_be_chance(lives, both)}")
    found = divergence(one, other, migrant)
    _say(f"The life of migrant {migrant} in {names[0]} and in {names[1]} (seed {one.seed})", bold=True)
    screen.print()
    if found is None:
        _say("It is the same in both from beginning to end.")
        for line in _paragraphs(one, migrant, 0):
            _say(line)
        return
    for line in [] if found.from_the_start else before(one, migrant, found.month):
        _say(line)
    screen.print()
    _say(_moment(found), bold=True)
    for line in found.why:
        _say(line)
    screen.print()
    sides = [_paragraphs(run, migrant, found.month) for run in (one, other)]
    if screen.is_terminal and screen.width >= NARROW:
        screen.print(_side_by_side(names, sides))
    else:
        for name, lines in zip(names, sides, strict=True):
            _say(f"In {name}", bold=True)
            for line in lines:
                screen.print(Padding(Text(line), (0, 0, 0, 2), expand=False))
            screen.print()
    if places_info(one).named:
        _say(tr(NOBODYS))


def _moment(found: Divergence) -> str:
    """When it parts, in a sentence."""
    from ..outcomes.wording import month_name

    if found.from_the_start:
        return f"The two lives differ from the first, in {month_name(found.date)}."
    return f"Until here both lives are the same; in {month_name(found.date)} they part."


def _paragraphs(run: Run, migrant: int, month: int) -> list[str]:
    """The life from a month on, told month by month, and its sum; a sentence where there is none."""
    from ..outcomes.divergence import afterwards
    from ..outcomes.story import life_of, recorded, summary

    if not (recorded(run)["migrant"] == migrant).any():
        return ["Never came to the country."]
    told = [f"{each.when}: {' '.join(each.sentences)}" for each in afterwards(run, migrant, month)]
    return [*told, summary(run, life_of(run, migrant))]


def _side_by_side(names: list[str], sides: list[list[str]]) -> Table:
    """Two columns of text, each with a heading."""
    table = Table(box=None, expand=True, padding=(0, 2, 0, 0), show_edge=False)
    for name in names:
        table.add_column(Text(f"In {name}"), ratio=1, overflow="fold", header_style="bold")
    for row in range(max(map(len, sides))):
        table.add_row(*(Padding(Text(side[row] if row < len(side) else ""), (0, 0, 1, 0)) for side in sides))
    return table


def _say(text: str, *, bold: bool = False) -> None:
    out().print(Text(text, style="bold" if bold else ""))
