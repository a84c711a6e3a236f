"""The commands. Heavy modules are imported where they are used: `--help` and `list` stay quick."""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.text import Text

from .compare_command import compare
from .console import PlainErrors, UsageMistake, err, out
from .effects_command import effects
from .explore_command import explore
from .handout_command import handout
from .lessons_command import lessons
from .measures_command import measures
from .mechanisms_command import mechanisms
from .migrate_command import migrate
from .patterns_command import patterns
from .study_command import study
from .study_reading_command import sensitivity

if TYPE_CHECKING:
    from ..scenarios import Scenario

app = typer.Typer(
    cls=PlainErrors,
    help="An agent-based model of local citizenship: what cities and NGOs give migrants, and who gets it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A shipped scenario (see `list`) or a scenario file.")
]
RunFolder = Annotated[Path, typer.Argument(metavar="RUN", help="The folder of a finished run.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change one parameter; may be given again."),
]
Seed = Annotated[int | None, typer.Option(help="The run's luck; the scenario's own if left out.")]
Months = Annotated[int | None, typer.Option(help="How long; as the scenario says if left out.")]


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        out().print(version("local-citizenship"))
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


@contextlib.contextmanager
def relaxed_gc() -> Iterator[None]:
    """Garbage is looked for less often while one run is made: to search all that it imports took an eighth of its time.

    Not for many runs in a row, whose leavings would gather.
    """
    before = gc.get_threshold()
    gc.set_threshold(50_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _load(name: str, sets: list[str] | None, seed: int | None, months: int | None) -> Scenario:
    from ..scenarios import load_scenario

    return load_scenario(name, sets=sets or [], seed=seed, months=months)


@app.command()
@relaxed_gc()
def run(
    scenario: ScenarioName,
    sets: Sets = None,
    seed: Seed = None,
    months: Months = None,
    folder: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Where to; runs/SCENARIO-seedSEED if left out."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the run in --out.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="Write the tables as CSV too.")] = False,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Leave the figures out.")] = False,
    own_measures: Annotated[
        list[str] | None,
        typer.Option(
            "--measure",
            metavar="FILE.py:FUNCTION",
            help="A measure of your own; may be given again.",
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option(min=1, help="Threads; one for each core if left out. The results are the same."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the run's folder only.")] = False,
) -> None:
    """Simulate a scenario; leave a folder of tables and figures."""
    from . import folders
    from .running import run_into
    from .tables import outcomes

    if own_measures:
        from ..outcomes.declaration import load_measure

        for each in own_measures:
            load_measure(each)
    loaded = _load(scenario, sets, seed, months)
    target = folders.choose(loaded.name, loaded.seed, folder, overwrite)
    show = sys.stderr.isatty() and not quiet
    result = run_into(
        target,
        loaded,
        overwrite=overwrite,
        threads=threads,
        csv=csv,
        figures=not no_figures,
        show=show,
    )
    screen = out()
    if quiet:
        screen.print(str(target), markup=False, soft_wrap=True)
    elif not screen.is_terminal:
        line = f"{loaded.name}, seed {loaded.seed}, {loaded.months} months: {target}"
        screen.print(line, markup=False, soft_wrap=True)
    else:
        screen.print(outcomes(result))
        for line in _where_next(target, not no_figures):
            screen.print(line, markup=False, soft_wrap=True)


def _where_next(folder: Path, figures: bool) -> list[str]:
    lines = [f"The run:   {folder} (data-dictionary.csv describes its tables)"]
    if figures:
        lines.append(f"Figures:   {folder / 'figures'}")
    return [*lines, f"One life:  local-citizenship story {folder}"]


@app.command()
def check(scenario: ScenarioName, sets: Sets = None, seed: Seed = None, months: Months = None) -> None:
    """Read a scenario, find its mistakes, and tell what it holds."""
    from .tables import scenario_summary

    loaded = _load(scenario, sets, seed, months)
    screen = out()
    for line in (f"{loaded.name}: {loaded.title}", *scenario_summary(loaded)):
        screen.print(line, markup=False, soft_wrap=True)


@app.command("list")
def list_() -> None:
    """List the shipped scenarios and the question each asks."""
    from ..scenarios import list_scenarios
    from .tables import add_row, titled

    table = titled("Scenarios", "name", "question")
    for name, _, question in list_scenarios():
        add_row(table, name, question)
    out().print(table)


@app.command()
def explain(
    parameter: Annotated[
        str | None,
        typer.Argument(help="A parameter or a section, as fear.weight or fear."),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="SCENARIO", help="Tell the value it has there.")
    ] = None,
) -> None:
    """Tell what a parameter means, its unit, range, source, and who set it."""
    from .parameters import all_sections, find, one_parameter, one_section

    if parameter is None:
        out().print(all_sections())
        return
    loaded = _load(scenario, None, None, None) if scenario else None
    found = find(parameter, loaded)
    whole_section = len(found) > 1 or found[0].path.startswith(f"{parameter}.")
    out().print(one_section(parameter, found, loaded) if whole_section else one_parameter(found[0], loaded))


@app.command()
def schedule() -> None:
    """Print the month: what happens, in which order."""
    from ..model.schedule import describe
    from .tables import schedule as table

    out().print(table(describe()))


@app.command()
@relaxed_gc()
def plot(
    run: RunFolder,
    formats: Annotated[
        list[str] | None, typer.Option("--format", metavar="png|svg|pdf", help="May be given again.")
    ] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Where to; RUN/figures if left out.")
    ] = None,
) -> None:
    """Draw the figures of a finished run again."""
    from ..outcomes.run_folder import load_run
    from .folders import replacing_files
    from .running import FIGURES, draw

    wanted = tuple(dict.fromkeys(formats or ["png"]))
    unknown = [name for name in wanted if name not in ("png", "svg", "pdf")]
    if unknown:
        raise UsageMistake(f"there is no format {unknown[0]!r}: figures are drawn as png, svg or pdf")
    loaded = load_run(run)
    target = folder or run / FIGURES
    with replacing_files(target) as built:
        draw(loaded, built, wanted)
    out().print(f"The figures are in {target}.", markup=False, soft_wrap=True)


@app.command()
def story(
    run: RunFolder,
    migrant: Annotated[
        str | None, typer.Argument(metavar="MIGRANT", help="A sampled life; a telling one if left out.")
    ] = None,
    list_lives: Annotated[bool, typer.Option("--list", help="List the lives that can be told.")] = False,
    against: Annotated[
        Path | None,
        typer.Option(
            "--against", metavar="OTHER", help="A run of the same seed: tell where the life parts, and both."
        ),
    ] = None,
) -> None:
    """Tell one sampled life in plain sentences."""
    from ..outcomes import story as stories
    from ..outcomes.run_folder import load_run
    from .tables import lives

    if migrant is not None and not migrant.isdecimal():
        raise UsageMistake(f"{migrant!r} is not a migrant's number: `story {run} --list` shows them")
    if against is not None:
        if list_lives:
            raise UsageMistake("--list shows the lives of one run: give it without --against")
        from .story_against import tell_against

        tell_against(run, against, None if migrant is None else int(migrant))
        return
    loaded = load_run(run)
    if list_lives:
        out().print(lives(stories.list_lives(loaded)))
        return
    told = stories.tell(loaded, None if migrant is None else int(migrant))
    out().print(Text(told))


@app.command()
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The scenario file to write.")],
    base: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="The scenario to start from.")
    ] = "japan",
    schema: Annotated[
        bool, typer.Option("--schema", help="Write the schema by which editors check and complete it.")
    ] = False,
) -> None:
    """Write a commented scenario to start from."""
    from .new_scenario import write

    for path in write(file, base, _load(base, None, None, None), schema=schema):
        out().print(f"Wrote {path}.", markup=False, soft_wrap=True)
    out().print(f"Next: edit it, then local-citizenship run {file}", markup=False, soft_wrap=True)


app.command("compare")(compare)
app.command("effects")(effects)
app.command()(lessons)
app.command()(explore)
app.command()(relaxed_gc()(handout))
app.command()(measures)
app.command()(mechanisms)
app.command()(migrate)
app.command()(patterns)
app.command()(sensitivity)
app.add_typer(study, name="study")


def main() -> NoReturn:
    """The `local-citizenship` command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a Windows pipe may lack a character
    try:
        app(prog_name="local-citizenship")
    except KeyboardInterrupt:
        err().print("Stopped.", style="red")
        sys.exit(130)
    sys.exit(0)


if __name__ == "__main__":
    main()
