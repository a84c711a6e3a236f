"""`compare`: scenarios, run under the same seeds and compared pair by pair, or finished runs side by side."""

from __future__ import annotations

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from ..outcomes.invocation import COMMAND, typed
from . import folders
from .compare_runs import changes, compare_runs, lives_told
from .console import MISTAKE, Strict, UsageMistake, conclude, err, fail, out, say, say_if_cold
from .data_output import say_json
from .options import MOST_SEEDS, Ensemble, Lang, MaxTable, NoFigures, Workers
from .progress import RunsProgress
from .tables import add_row, number_with_unit, titled

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from ..experiments.comparison import Comparison
    from ..experiments.intervals import Paired
    from ..outcomes.outcome_spec import OutcomeSpec
    from ..outcomes.plots.declaration import Failed
    from ..scenarios import Scenario

SEEDS = 10
MOST = 6  # what a figure can tell apart
SHARED = ("seed", "start", "months", "places", "scale.persons_per_record")  # in what is compared pair by pair


def compare(
    worlds: Annotated[
        list[str],
        Argument(
            metavar="A B [C ...]",
            help="Scenarios (names or files), which are run; or folders of finished runs.",
        ),
    ],
    seeds: Annotated[
        int | None,
        Option(max=MOST_SEEDS, help=f"Runs of each scenario, the same seeds in all; {SEEDS} if left out."),
    ] = None,
    seed: Annotated[int | None, Option(help="The first seed; the first scenario's if left out.")] = None,
    months: Annotated[int | None, Option(help="How long; as the scenarios say if left out.")] = None,
    sets: Annotated[
        list[str] | None,
        Option("--set", metavar="KEY=VALUE", help="Change a parameter in all scenarios; may be given again."),
    ] = None,
    set_other: Annotated[
        list[str] | None,
        Option(
            "--set-other",
            metavar="KEY=VALUE",
            help="Change a parameter in all scenarios but the first: to compare one with itself. May be given again.",
        ),
    ] = None,
    outcomes: Annotated[
        list[str] | None,
        Option(
            "--outcome",
            metavar="ID.MEASURE",
            help="A measure beside the main outcomes, as E3.take_up or E3.take_up\\[overstayer].",
        ),
    ] = None,
    year: Annotated[int | None, Option(help="The year of --outcome; the last if left out.")] = None,
    workers: Workers = 2,
    ensemble: Ensemble = None,
    _: MaxTable = None,
    folder: Annotated[
        Path | None,
        Option("--out", metavar="DIR", help="Leave figures and tables in this folder."),
    ] = None,
    overwrite: Annotated[bool, Option("--overwrite", help="Replace the comparison in --out.")] = False,
    no_figures: NoFigures = False,
    strict: Strict = False,
    __: Lang = None,
    quiet: Annotated[bool, Option("--quiet", "-q", help="Print the tables without explanation.")] = False,
    json: Annotated[
        bool, Option("--json", help="Print the differences as JSON, for other programs.")
    ] = False,
) -> None:
    """Set scenarios or finished runs side by side: what was changed, what came of it, and whose life differs.

    Scenarios are run under the same seeds, so that the same people with the same luck live in each.
    """
    if len(worlds) < 2 and set_other:
        worlds = worlds * 2
    if len(worlds) < 2:
        only = shlex.quote(worlds[0])
        instead = (
            f"give the folder of another run beside it, as {typed(f'compare {only} RUN')}"
            if _is_run(worlds[0])
            else f"a scenario against itself is {typed(f'compare {only} --set-other KEY=VALUE')}"
        )
        raise UsageMistake(
            f"compare needs two or more scenarios or run folders, and {worlds[0]} is only one: {instead}"
        )
    if len(worlds) > MOST:
        raise UsageMistake(f"{len(worlds)} are too many to be set side by side: give {MOST} or fewer")
    runs = [_is_run(world) for world in worlds]
    if all(runs):
        given = {
            "--seeds": seeds, "--seed": seed, "--months": months, "--set": sets, "--set-other": set_other,
            "--outcome": outcomes, "--year": year, "--out": folder, "--overwrite": overwrite or None,
            "--no-figures": no_figures or None, "--ensemble": ensemble,
        }  # fmt: skip
        unfit = [name for name, value in given.items() if value is not None]
        if unfit:
            raise UsageMistake(
                f"{unfit[0]} is for scenarios, which compare runs itself: finished runs are compared as they are; give "
                f"their scenarios instead, or leave {unfit[0]} out"
            )
        places = [Path(world) for world in worlds]
        with folders.reading(*places):
            compare_runs(places, quiet=quiet, json=json)
        return
    if any(runs):
        raise UsageMistake(
            f"{worlds[runs.index(True)]} is a run folder and {worlds[runs.index(False)]} is none: compare takes either "
            "finished runs or scenarios, which it runs itself"
        )
    if ensemble is not None:
        from .ensemble_runs import refuse, under_ensemble, words_of

        refuse({"--outcome": outcomes, "--year": year, "--json": json})
        if len(worlds) > 2:
            raise UsageMistake("--ensemble compares two scenarios: give the others after one another")
        pair = _scenarios(worlds, sets or [], set_other or [], seed, months)
        options = {"--set": sets, "--set-other": set_other, "--seed": seed, "--months": months}
        asked = words_of("compare", worlds, options)
        under_ensemble(
            pair, ensemble, seeds, workers, folder, overwrite, quiet, asked,
            figures=not no_figures, strict=strict,
        )  # fmt: skip
        return
    count = SEEDS if seeds is None else seeds
    if count < 2:
        raise UsageMistake(
            f"--seeds {count} gives no interval, since one pair of runs can't tell a difference from luck: "
            "give --seeds 2 or more"
        )
    if year is not None and not outcomes:
        raise UsageMistake("--year is the year of --outcome: give an --outcome with it")

    scenarios = _scenarios(worlds, sets or [], set_other or [], seed, months)
    chosen = _chosen(outcomes or [], scenarios[0])

    from ..experiments.comparison import MARK, NothingToCompare, compare_scenarios, save_comparison

    folder = None if folder is None else folder.expanduser()
    drawn = folder is not None and not no_figures
    with folders.reserved(folder, overwrite, MARK, "a comparison"):
        if not quiet:
            say_if_cold()
        try:
            with RunsProgress(err(), quiet=quiet) as progress:
                comparison = compare_scenarios(
                    scenarios,
                    count,
                    outcomes=chosen,
                    year=year,
                    figures=drawn,
                    workers=workers,
                    progress=progress,
                )
        except NothingToCompare as error:
            fail(str(error), MISTAKE)
        _check_values(comparison, chosen, year)
        titles: list[str] = []
        lacking: list[str] = []
        if folder is not None:
            words = [COMMAND, "compare", *worlds, "--seeds", str(count)]
            numbers = {"--seed": seed, "--months": months, "--year": year}
            words += [
                word for name, value in numbers.items() if value is not None for word in (name, str(value))
            ]
            for option, values in (("--set", sets), ("--set-other", set_other), ("--outcome", outcomes)):
                words += [word for value in values or [] for word in (option, value)]
            lives = _lives(comparison)
            save_comparison(comparison, scenarios, folder, command=shlex.join(words), lives=lives)
            if drawn:
                again = typed(shlex.join([*words[1:], "--out", str(folder), "--overwrite"]))
                titles, lacking = _drawn(comparison, folder, again)
        if json:
            say_json({"seeds": comparison.seeds, "differences": comparison.differences_table()})
        else:
            _print(comparison, quiet=quiet)
        if folder is not None:
            told = [*([] if quiet else [f"Figure: {title}" for title in titles]), f"The comparison: {folder}"]
            say(*told, to=err() if json else None)
        conclude(lacking, strict)


def _drawn(comparison: Comparison, folder: Path, again: str) -> tuple[list[str], list[str]]:
    """Draw the figures of a comparison that is on disk; as `drawn_beside`."""
    from .running import drawn_beside

    def draw(built: Path, failed: Failed) -> list[str]:
        from ..experiments.comparison import draw_figures

        return draw_figures(comparison, built, failed)

    def words() -> set[str]:
        from ..experiments.comparison import comparison_data
        from ..outcomes.plots.comparison import words_of

        return words_of(comparison_data(comparison), comparison.differences_table())

    return drawn_beside(folder, again, draw, words)


def _is_run(world: str) -> bool:
    """Whether this means a run folder: a folder with a run in it, or what can only be meant as one."""
    path = Path(world)
    if (path / "manifest.json").is_file():
        return True
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return False
    from ..scenarios.files import shipped_names

    return len(path.parts) > 1 or (path.is_dir() and world not in shipped_names())


def _scenarios(
    names: list[str], sets: list[str], set_other: list[str], seed: int | None, months: int | None
) -> list[Scenario]:
    """The scenarios, checked to be several, of one country and time, with one seed."""
    if seeds := [each for each in set_other if _key(each) == "seed"]:
        raise UsageMistake(
            f"--set-other {seeds[0]}: all scenarios are run under the same seeds, so that the same people have the "
            "same luck in each; --seed gives the first seed of all"
        )
    loaded: list[Scenario] = []
    for number, name in enumerate(names):
        shared = seed if seed is not None or not loaded else loaded[0].seed
        loaded.append(_loaded(name, sets, set_other if number else [], shared, months))
    _check_several(names, loaded, sets, set_other)
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


def _loaded(
    name: str, sets: list[str], set_other: list[str], seed: int | None, months: int | None
) -> Scenario:
    from ..scenarios import ScenarioTemplate
    from .lives_kept import with_lives_kept

    template = ScenarioTemplate(name)
    return with_lives_kept(template.scenario(sets=sets, set_other=set_other, seed=seed, months=months))


def _key(setting: str) -> str:
    """What a KEY=VALUE sets."""
    return setting.partition("=")[0].strip()


def _check_several(names: list[str], loaded: list[Scenario], sets: list[str], set_other: list[str]) -> None:
    """Errors: UsageMistake if one is given twice with the same settings, and what to write instead."""
    hashes = [scenario.hash for scenario in loaded]
    for number, name in enumerate(names):
        first = hashes.index(hashes[number])
        if first == number:
            continue
        if set_other and not first:
            given = shlex.join(word for each in set_other for word in ("--set-other", each))
            same = (
                f"changes nothing in {name}" if name == names[0] else f"makes {name} the same as {names[0]}"
            )
            raise UsageMistake(f"{given} {same}, so that nothing would differ: give another value")
        if first:
            raise UsageMistake(
                f"{names[first]} and {name}, number {first + 1} and {number + 1} of {len(names)}, are the same with "
                "the same settings: leave one out"
            )
        why, changed = "", ["--set-other", "KEY=VALUE"]
        if name == names[0] and (meant := _meant_for_second(name, loaded[0], sets)):
            why, changed = "--set changes both; ", meant
        instead = typed(shlex.join(["compare", name, *changed]))
        raise UsageMistake(
            f"{names[0]} and {name} are the same with the same settings, so that nothing would differ: "
            f"{why}`{instead}` changes the second alone"
        )


def _meant_for_second(name: str, given: Scenario, sets: list[str]) -> list[str]:
    """The words with which `sets` change the second scenario alone, as far as two that are compared may differ; none
    if that changes nothing."""
    both = [each for each in sets if _key(each) in SHARED]
    own = [each for each in sets if _key(each) not in SHARED]
    if not own or _loaded(name, both, [], given.seed, given.months).hash == given.hash:
        return []
    return [
        w for option, values in (("--set", both), ("--set-other", own)) for v in values for w in (option, v)
    ]


def _chosen(names: list[str], scenario: Scenario) -> list[OutcomeSpec]:
    from ..outcomes.entries import entries_of
    from ..outcomes.outcome_spec import OutcomeSpec, UnknownOutcome

    entries = entries_of(scenario.parameters)
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
                f"no run has a value of {each.name}{when}: `{typed('measures RUN --id')} {each.theme}` "
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
    for number in range(1, len(comparison.arms)) if not quiet else ():
        screen.print(f"{comparison.headline(number)}.", markup=False)
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
    return "" if math.isnan(factor) else _times(factor)


def _times(factor: float) -> str:
    """To two digits: of few pairs no more is known of it."""
    if factor >= 1000:
        return "x1,000+"
    return f"x{factor:.1f}" if factor < 9.95 else f"x{float(f'{factor:.2g}'):,.0f}"


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
    if "level_lost" in found:
        lines.append(
            "Service level lost by moving: the level left less the level found, below 0 where movers gain; so more is "
            "worse for them."
        )
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
            f"as many runs would give intervals as narrow (the middle one here: {_times(middle)})."
        )
        if factors[0] < 2:
            lines.append(
                "Where K is small, what the change does differs from seed to seed (by who lives where, by what cities "
                "and NGOs do), and shared luck can't remove that."
            )
    return lines
