"""`mechanisms`, `effects` and `patterns`: what the model holds of the article, what each part of it does, and whether
it fits what is known."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from ..outcomes.invocation import COMMAND, typed
from .console import INCOMPLETE, UsageMistake, err, out, say, say_if_cold
from .data_output import Json, say_json
from .folders import check_file
from .options import MOST_SEEDS, FileOnly, Workers
from .progress import RunsProgress
from .tables import add_row, titled

if TYPE_CHECKING:
    from rich.table import Table

    from ..experiments.patterns.check import Check
    from .mechanism_table import Row

FEW = 2  # rules, parameters ... shown in the table; all of them in Markdown, or for one mechanism
JAPAN, SAMPLE = "japan", "japan-sample"
SEEDS = 5


def mechanisms(
    mechanism: Annotated[
        str | None, Argument(metavar="ID", help="One mechanism in full, as B5; all if left out.")
    ] = None,
    markdown: Annotated[bool, Option("--markdown", help="Print a Markdown table, nothing cut.")] = False,
    json: Json = False,
) -> None:
    """List the article's mechanisms: the rule, the parameters, how to switch it off, the test."""
    from . import mechanism_table

    rows = {row.mechanism.id: row for row in mechanism_table.rows()}
    screen = out()
    if mechanism is not None and mechanism.upper() not in rows:
        raise UsageMistake(f"there is no mechanism {mechanism!r}: they are {', '.join(rows)}")
    if json:
        say_json([row for name, row in rows.items() if mechanism is None or name == mechanism.upper()])
    elif mechanism is not None:
        screen.print(_in_full(rows[mechanism.upper()], mechanism_table.HEADINGS))
    elif markdown:
        say(mechanism_table.as_markdown())
    else:
        screen.print(_all(list(rows.values())))
        screen.print(f"One in full: {typed('mechanisms B5')}", markup=False)


def _all(rows: list[Row]) -> Table:
    from ..experiments.mechanisms import settings_text

    table = titled("Mechanisms (Tsuda 2008)", "id", "mechanism", "rule", "parameters", "off", "test")
    table.columns[0].no_wrap = True
    for row in rows:
        files = dict.fromkeys(test.partition(":")[0] for test in row.tests)
        off = settings_text(row.mechanism.without) or [row.mechanism.instead]
        few = [_few(tuple(names)) for names in (row.rules, row.parameters, off, files)]
        add_row(table, row.mechanism.id, row.mechanism.name, *few)
    return table


def _in_full(row: Row, headings: tuple[str, ...]) -> Table:
    table = titled(f"{row.mechanism.id}: {row.mechanism.name}", "", "")
    table.show_header = False
    add_row(table, "the article's claim", row.mechanism.claim)
    for heading, cell in list(zip(headings, row.cells, strict=True))[2:]:
        add_row(table, heading, cell if heading == "off" else cell.replace(", ", "\n"))
    return table


def _few(names: tuple[str, ...]) -> str:
    shown = "\n".join(names[:FEW])
    return f"{shown}\nand {len(names) - FEW} more" if len(names) > FEW else shown or "NONE"


def effects(
    scenario: Annotated[str, Option("--scenario", metavar="SCENARIO", help="What to run.")] = "japan-sample",
    pairs: Annotated[int, Option(min=2, max=MOST_SEEDS, help="Pairs of runs for each mechanism.")] = 20,
    ensemble: Annotated[
        str | None,
        Option(
            "--ensemble",
            metavar="NAME",
            help="An ensemble (a shipped one, as japan, or a calibration's folder): a set a pair, drawn by weight.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None, Option("--only", metavar="ID", help="One mechanism; may be given again.")
    ] = None,
    workers: Workers = 2,
    file: Annotated[
        Path | None,
        Option(
            "--out",
            metavar="FILE",
            help="Where to. If left out: docs/effects.md (effects-worlds.md of an --ensemble) of all that is shipped "
            "for Japan, else a file here that has scenario and mechanisms in its name.",
        ),
    ] = None,
    quiet: FileOnly = False,
) -> None:
    """Switch each mechanism off in turn, and measure what it does."""
    from ..experiments.effects import effects_of, read_remarks, write_effects
    from ..experiments.effects_worlds import write_effects_over_worlds
    from ..experiments.mechanisms import MECHANISMS
    from ..scenarios import load_scenario
    from .ensemble_runs import load, tell_cautions

    known = {mechanism.id: mechanism for mechanism in MECHANISMS if mechanism.without}
    unknown = [name for name in only or [] if name not in known]
    if unknown:
        raise UsageMistake(
            f"there is no mechanism {unknown[0]!r} to switch off: choose from {', '.join(known)}"
        )
    file = file or effects_file(scenario, ensemble, only or [])
    check_file(file)
    worlds = load(ensemble) if ensemble else None
    if worlds is None:
        read_remarks(file)  # before the runs rather than after them
    elif not quiet:
        loaded = load_scenario(scenario)
        tell_cautions(worlds, [loaded], worlds.kept(loaded))
    wanted = [mechanism for name, mechanism in known.items() if not only or name in only]

    with RunsProgress(err(), quiet=quiet) as progress:
        found = effects_of(
            wanted, scenario=scenario, pairs=pairs, ensemble=worlds, workers=workers, progress=progress
        )
    words = [COMMAND, "effects", "--scenario", scenario, "--pairs", str(pairs)]
    words += [word for name in only or [] for word in ("--only", name)]
    if worlds is None:
        command = shlex.join(words)
        written = write_effects(file, found, command=command, mechanisms=wanted, scenario=scenario)
    else:
        command = shlex.join([*words, "--ensemble", str(ensemble)])
        written = write_effects_over_worlds(
            file, found, command=command, mechanisms=wanted, scenario=scenario, ensemble=worlds
        )
    say(written)


def patterns(
    scenario: Annotated[
        str, Option("--scenario", metavar="SCENARIO", help="What to take for Japan.")
    ] = JAPAN,
    seeds: Annotated[
        int, Option(min=1, max=MOST_SEEDS, help="Runs of each scenario, each with its own luck.")
    ] = SEEDS,
    quick: Annotated[bool, Option("--quick", help="A sample of Japan: rough, and soon done.")] = False,
    power: Annotated[
        int,
        Option(
            "--power", metavar="DRAWS", min=0, help="First find out which patterns random behaviour hits."
        ),
    ] = 0,
    workers: Workers = 2,
    file: Annotated[
        Path | None, Option("--out", metavar="FILE", help="Where to; docs/patterns.md for japan if left out.")
    ] = None,
    quiet: FileOnly = False,
) -> None:
    """Hold the model against the patterns it should show, over several seeds."""
    if quick and scenario != JAPAN:
        raise UsageMistake("--quick is the scenario japan-sample: give --quick or --scenario, not both")
    scenario = SAMPLE if quick else scenario
    target = file or _default_file(scenario)
    check_file(target)

    from ..experiments.patterns.check import check_patterns
    from ..experiments.patterns.power import PowerError, power_file, read_power, write_power
    from ..experiments.patterns.random_behaviour import power_of_patterns
    from ..experiments.patterns.report import counts, read_explanations, write_patterns

    try:
        read_explanations(target)  # before the runs rather than after them
        if not quiet:
            say_if_cold()
        if power:
            with RunsProgress(err(), quiet=quiet) as progress:
                sample = SAMPLE if scenario == JAPAN else scenario
                drawn = power_of_patterns(sample, power, workers=workers, progress=progress)
            write_power(power_file(target), drawn)
        known = read_power(power_file(target))
        with RunsProgress(err(), quiet=quiet) as progress:
            check = check_patterns(scenario, seeds, workers=workers, power=known, progress=progress)
        written = write_patterns(target, check, _command(scenario, seeds, file, power))
    except PowerError as error:
        raise UsageMistake(str(error)) from error
    except OSError as error:
        raise UsageMistake(f"{target} can't be written: {error.strerror or error}") from error

    if quiet:
        say(written)
    else:
        out().print(_patterns(check))
        say(counts(check.findings).replace("*", ""), f"The report: {written}")
    if all(each.failed for runs in check.runs.values() for each in runs.replicates):
        raise typer.Exit(INCOMPLETE)


def effects_file(scenario: str, ensemble: str | None, only: Sequence[str]) -> Path:
    """The project's page for the whole list and Japan's sample; of anything else a file that takes no page's place."""
    name = "effects-worlds" if ensemble else "effects"
    whole = scenario == SAMPLE and ensemble in (None, JAPAN) and not only
    if whole and Path("docs").is_dir():
        return Path("docs") / f"{name}.md"
    others = [] if scenario == SAMPLE else [Path(scenario).stem]
    others += [Path(ensemble).name] if ensemble and ensemble != JAPAN else []
    return Path("-".join([name, *others, *only]) + ".md")


def _default_file(scenario: str) -> Path:
    """docs/patterns.md, or patterns.md where there is no docs; another scenario than Japan in its name."""
    name = "patterns.md" if scenario == JAPAN else f"patterns-{Path(scenario).stem}.md"
    return Path("docs") / name if Path("docs").is_dir() else Path(name)


def _command(scenario: str, seeds: int, file: Path | None, power: int) -> str:
    """The command line that makes the same report."""
    words = ["local-citizenship", "patterns", "--seeds", str(seeds)]
    if scenario == SAMPLE:
        words.append("--quick")
    elif scenario != JAPAN:
        words += ["--scenario", scenario]
    if power:
        words += ["--power", str(power)]
    if file is not None:
        words += ["--out", file.as_posix()]
    return shlex.join(words)


def _patterns(check: Check) -> Table:
    from ..experiments.patterns.report import bands, shown, verdict

    table = titled("Patterns", "id", "band", "value", "")
    for each in check.findings:
        cells = (bands(each), shown(each, judged_only=True), verdict(each).replace("*", ""))
        add_row(table, each.pattern.id, *cells)
    return table
