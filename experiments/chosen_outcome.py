"""An outcome chosen by name: a headline number, or a measure of E1 to E9 in one year, of one group if wanted."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..outcomes.measures import ALL, BY_ID, NAME, all_measures, with_measures
from ..outcomes.run import Run

_PATTERN = re.compile(r"(?P<id>[^.\[\]]+)\.(?P<measure>[^.\[\]]+)(\[(?P<group>[^\[\]]+)\])?")


class UnknownOutcome(ValueError):
    """There is no such outcome; the message names the nearest."""


@dataclass(frozen=True)
class ChosenOutcome:
    """A measure of E1 to E9 (`id`, `measure`), of the whole country or of one `group`: "E3.willing_of_aware[legal]"."""

    id: str
    measure: str
    group: str = ALL

    @property
    def name(self) -> str:
        """As it is asked for."""
        return f"{self.id}.{self.measure}" + ("" if self.group == ALL else f"[{self.group}]")

    @property
    def label(self) -> str:
        """In words."""
        words = BY_ID[self.id][self.measure].label
        return f"{self.id} {words}" + ("" if self.group == ALL else f", {self.group}")

    @property
    def unit(self) -> str:
        """As `definitions` has it."""
        return BY_ID[self.id][self.measure].unit

    def value(self, run: Run, year: int | None = None) -> float:
        """Its value in `year`, by default the last one the run has; NaN where nothing was counted."""
        table = with_measures(run).table(NAME)
        own = table[
            (table["id"] == self.id) & (table["measure"] == self.measure) & (table["group"] == self.group)
        ]
        wanted = own[own["year"] == (own["year"].max() if year is None else year)]
        return float(wanted["value"].iloc[0]) if len(wanted) else math.nan


def outcome_named(text: str) -> ChosenOutcome:
    """Read "E3.served_of_needs" or "E3.willing_of_aware[overstayer]". Errors: UnknownOutcome."""
    found = _PATTERN.fullmatch(text.strip())
    known = [f"{theme.id}.{measure.name}" for theme, measure in all_measures()]
    name = f"{found['id'].upper()}.{found['measure']}" if found else text.strip()
    if found is None or name not in known:
        # Of those with this measure's name in another theme, or spelt nearly so.
        near = [each for each in known if each.partition(".")[2] == text.strip().rpartition(".")[2]]
        near = near or difflib.get_close_matches(name, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else "."
        raise UnknownOutcome(
            f"there is no outcome {text!r}{hint} `measures --define` lists them, as E3.served_of_needs."
        )
    return ChosenOutcome(found["id"].upper(), found["measure"], found["group"] or ALL)


def check_groups(chosen: Sequence[ChosenOutcome], run: Run) -> None:
    """Whether a run has these outcomes' groups. Errors: UnknownOutcome naming those there are."""
    table = with_measures(run).table(NAME)
    for each in chosen:
        own = table[(table["id"] == each.id) & (table["measure"] == each.measure)]
        groups = [str(group) for group in own["group"].unique()]
        if each.group not in groups:
            raise UnknownOutcome(
                f"{each.id}.{each.measure} has no group {each.group!r}; there are {', '.join(groups)}."
            )
