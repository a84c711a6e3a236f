"""`compare` with scenarios: they are run under the same seeds, and compared pair by pair."""

from __future__ import annotations

import math
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from . import folders
from .compare_runs import changes, lives_told
from .console import UsageMistake, err, fail, out
from .progress import RunsProgress
from .tables import add_row, titled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from ..experiments.comparison import Comparison
    from ..experiments.intervals import Paired
    from ..outcomes.outcome_spec import OutcomeSpec
    from ..scenarios import Scenario


@dataclass(frozen=True)
class Wanted:
    """What the command line asked for."""

    names: list[str]
    seeds: int
    seed: int | None
    months: int | None
    sets: list[str]
    outcomes: list[str]
    year: int | None
    workers: int
    folder: Path | None
    overwrite: bool

    @property
    def command(self) -> str:
        """The command line that gives the same tables."""
        words = ["local-citizenship", "compare", *self.names, "--seeds", str(self.seeds)]
        for option, value in (("--seed", self.seed), ("--months", self.months), ("--year", self.year)):
            words += [option, str(value)] if value is not None else []
        for option, values in (("--set", self.sets), ("--outcome", self.outcomes)):
            words += [word for value in values for word in (option, value)]
        return shlex.join(words)


def compare_by_running(wanted: Wanted, *, figures: bool, quiet: bool) -> None:
    """Run the scenarios, print what differs, leave a folder if one is wanted.

    Errors: ScenarioError, OutputError, UsageMistake; leaves with code 1 if no pair of runs went well.
    """
    scenarios = _scenarios(wanted)
    chosen = _chosen(wanted.outcomes, scenarios[0])

    from ..agents.rule import cache_is_cold
    from ..experiments.comparison import MARK, NothingToCompare, compare_scenarios, save_comparison

    if wanted.folder is not None:
        folders.check_target(wanted.folder, wanted.overwrite, MARK, "a comparison")

    if not quiet and cache_is_cold():
        err().print("Compiling the rules, once for this version (about half a minute) ...")
    try:
        with RunsProgress(err(), quiet=quiet) as progress:
            comparison = compare_scenarios(
                scenarios,
                wanted.seeds,
                outcomes=chosen,
                year=wanted.year,
                figures=figures,
                workers=wanted.workers,
                progress=progress,
            )
    except NothingToCompare as error:
        fail(str(error), 1)
    _check_values(comparison, chosen, wanted.year)
    titles: list[str] = []
    if wanted.folder is not None:
        titles = save_comparison(
            comparison,
            scenarios,
            wanted.folder,
            figures=figures,
            command=wanted.command,
            lives=_lives(comparison),
        )
    _print(comparison, quiet=quiet)
    if wanted.folder is not None:
        shown = [] if quiet else [f"Figure: {title}" for title in titles]
        for line in (*shown, f"The comparison: {wanted.folder}"):
            out().print(line, markup=False, soft_wrap=True)


def _scenarios(wanted: Wanted) -> list[Scenario]:
    """The scenarios, checked to be of one country and time, with one seed."""
    from ..scenarios import load_scenario

    loaded: list[Scenario] = []
    for name in wanted.names:
        seed = wanted.seed if wanted.seed is not None or not loaded else loaded[0].seed
        loaded.append(load_scenario(name, sets=wanted.sets, seed=seed, months=wanted.months))
    first = loaded[0]
    for other in loaded[1:]:
        if list(other.places.code) != list(first.places.code):
            raise UsageMistake(
                f"{first.name} and {other.name} have different places, so that the same people can't live in both: "
                "run them and compare the run folders"
            )
        if (other.start, other.months) != (first.start, first.months):
            raise UsageMistake(
                f"{first.name} runs {first.months} months from {first.start} and {other.name} {other.months} from "
                f"{other.start}: give the same --months, or the same start in both files"
            )
        scales = [each.parameters.scale.persons_per_record for each in (first, other)]
        if scales[0] != scales[1]:
            raise UsageMistake(
                f"one record stands for {scales[0]:,} people in {first.name} and for {scales[1]:,} in {other.name}, so "
                f"that these are not the same people: add --set scale.persons_per_record={max(scales)}"
            )
    return loaded


def _chosen(names: list[str], scenario: Scenario) -> list[OutcomeSpec]:
    from ..outcomes.entries import KINDS, Entries
    from ..outcomes.outcome_spec import OutcomeSpec, UnknownOutcome

    entries = Entries(*(getattr(scenario.parameters, kind) for kind in KINDS))
    try:
        return [OutcomeSpec.parse(name, entries) for name in dict.fromkeys(names)]
    except UnknownOutcome as error:
        raise UsageMistake(str(error)) from error


def _check_values(comparison: Comparison, chosen: list[OutcomeSpec], year: int | None) -> None:
    """An outcome that no run has is a mistake in its group or year."""
    for each in chosen:
        if all(arm.values[each.name].isna().all() for arm in comparison.arms):
            when = "" if year is None else f" in {year}"
            raise UsageMistake(
                f"no run has a value of {each.name}{when}: `local-citizenship measures RUN --id {each.theme}` "
                "shows the groups and years there are"
            )


def _lives(comparison: Comparison) -> dict[int, pd.DataFrame]:
    """By arm: the recorded lives of the first seed beside those of the first arm, where there are any."""
    from ..outcomes.divergence import compare_lives
    from ..outcomes.story import StoryError

    found = {}
    first = comparison.arms[0].first
    for number, arm in enumerate(comparison.arms[1:], start=1):
        if first is not None and arm.first is not None:
            try:
                found[number] = compare_lives(first, arm.first)
            except StoryError:
                continue  # which the screen tells
    return found


def _print(comparison: Comparison, *, quiet: bool) -> None:
    screen = out()
    first, *others = comparison.arms
    screen.print(changes([arm.info for arm in comparison.arms], [w.name for w in comparison.arms]))
    notes: list[str] = []
    for number, arm in enumerate(others, start=1):
        found = comparison.differences(number)
        screen.print(_table(comparison, number, found))
        notes += _how_to_read(found, arm.name, first.name)
        if first.first is not None and arm.first is not None:
            table, words = lives_told(first.first, arm.first, (first.name, arm.name), None)
            if table is not None:
                screen.print(table)
            notes += words
    notes += [f"Failed, and left out with its pair: {line}" for line in comparison.failed]
    for line in dict.fromkeys(notes) if not quiet else []:
        screen.print(line, markup=False)


def _table(comparison: Comparison, number: int, found: dict[str, Paired]) -> Table:
    from ..outcomes.headline import Outcome
    from ..outcomes.wording import change_and_interval
    from .tables import number_with_unit

    pairs = max((each.n for each in found.values()), default=0)
    first, other = comparison.arms[0].name, comparison.arms[number].name
    title = (
        f"{other} against {first}: {pairs} pairs of runs, seeds {comparison.seeds[0]} and {pairs - 1} more"
    )
    numbers = ("first", "second", "difference", "95% interval", "luck")
    table = titled(title, "outcome", *numbers, "", numbers=numbers)
    for name, each in found.items():
        label, unit = comparison.words[name]
        means = [number_with_unit(Outcome(label, unit, value)) for value in (each.first, each.other)]
        said, interval = change_and_interval(each.change, each.low, each.high, unit)
        missing = math.isnan(each.change)
        add_row(
            table,
            f"{label} ({means[0][1]})",
            means[0][0],
            means[1][0],
            "" if missing else said,
            "" if missing or each.none_at_all else interval,
            "" if each.none_at_all else _reduction(each),
            "" if missing or each.clear else "the same" if each.none_at_all else "undecided",
        )
    return table


def _reduction(each: Paired) -> str:
    """How many times the replicates: x12."""
    factor = each.variance_reduction_factor
    if math.isnan(factor):
        return ""
    if factor >= 1000:
        return "x1,000+"
    return f"x{factor:.3g}" if factor < 10 else f"x{factor:,.0f}"


def _how_to_read(found: dict[str, Paired], other: str, first: str) -> list[str]:
    """The table in plain words: what is decided, and what the shared luck is worth."""
    known = [each for each in found.values() if each.n > 1]
    if known and all(each.none_at_all for each in known):
        return [
            f"{other} and {first} give the same in every pair: what was changed touches nothing that is compared."
        ]
    open_ = [each for each in known if not each.clear and not each.none_at_all]
    lines = [
        f"Difference: {other} less {first} under the same seed, so with the same people and the same luck, averaged "
        "over the pairs. The interval holds its true mean with a confidence of 95% (t distribution)."
    ]
    if open_:
        lines.append(
            f"Undecided ({len(open_)} of {len(known)}): the interval spans 0, and these pairs can't tell whether there "
            "is more or less. More pairs (--seeds) may."
        )
    factors = sorted(
        each.variance_reduction_factor for each in known if math.isfinite(each.variance_reduction_factor)
    )
    if factors:
        middle = factors[len(factors) // 2]
        lines.append(
            "Luck: what shared luck is worth. With luck of its own in each run, the difference would vary by the sum "
            "of both variances; here it varies less, since what luck does to both cancels out. xK: without it, K times "
            f"as many runs would give intervals as narrow (the middle one here: x{middle:.3g})."
        )
        if factors[0] < 2:
            lines.append(
                "Where K is small, what the change does differs from seed to seed (by who lives where, by what cities "
                "and NGOs do), and shared luck can't remove that."
            )
    return lines
