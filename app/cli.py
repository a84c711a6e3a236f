"""The commands. Heavy modules are imported where they are used: `--help` and `list` stay quick."""

from __future__ import annotations

import importlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.text import Text
from typer import Argument, Option
from typer.core import TyperCommand

from .. import __version__
from ..outcomes.interruption import cannot_be_stopped, stop_as_by_ctrl_c
from ..outcomes.invocation import COMMAND, command_name, typed
from .console import (
    MISTAKE,
    STOPPED,
    PlainErrors,
    Strict,
    UsageMistake,
    complain,
    conclude,
    every_mistake,
    let_go,
    out,
    refusal,
    relaxed_gc,
    say,
    with_home,
)
from .data_output import Json, say_json
from .options import MOST_SEEDS, Ensemble, Lang, MaxTable, NoFigures, scenario_names
from .surroundings import settle_surroundings

if TYPE_CHECKING:
    from ..scenarios import Scenario

# Commands with a file of their own, which is read when one is asked for: command -> file.
_ELSEWHERE = {
    "calibrate": "calibrate_command",
    "compare": "compare_command",
    "effects": "evidence_commands",
    "lessons": "lessons_command",
    "explore": "explore_command",
    "glossary": "glossary_command",
    "handout": "handout_command",
    "measures": "measures_command",
    "mechanisms": "evidence_commands",
    "migrate": "migrate_command",
    "patterns": "evidence_commands",
    "places": "places_command",
    "plot": "plot_command",
    "sensitivity": "study_reading_command",
    "study": "study_command",
}


class _ReadsOptionsIfAny:
    """Where none is given, no option is read: what reads them takes longer to load than a short answer to give."""

    params: list[Any]
    add_help_option: bool

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        read: Any = super()
        if args and args[0].startswith("-"):
            return read.parse_args(ctx, args)
        declared, self.params, self.add_help_option = self.params, [], False
        try:
            return read.parse_args(ctx, args)
        finally:
            self.params, self.add_help_option = declared, True


class _BareCommand(_ReadsOptionsIfAny, TyperCommand):
    """A command that has no options but --help."""


class _Commands(_ReadsOptionsIfAny, PlainErrors):
    """All commands: those of this file, and those that lie elsewhere."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*(name for name in self.commands if name not in _ELSEWHERE), *_ELSEWHERE]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.commands:  # one that there is not wants all of them, to tell the nearest
            for name in [cmd_name] if cmd_name in _ELSEWHERE else _ELSEWHERE:
                found = getattr(importlib.import_module(f".{_ELSEWHERE[name]}", __package__), name)
                if not isinstance(found, typer.Typer):
                    alone = typer.Typer(add_completion=False)
                    alone.command(name)(found)
                    found = alone
                self.commands[name] = typer.main.get_command(found)
                self.commands[name].name = name
        return super().get_command(ctx, cmd_name)


app = typer.Typer(
    cls=_Commands,
    help="An agent-based model of local citizenship: what cities and NGOs give migrants, and who gets it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

DIGITS = 20  # of the largest number that a migrant can have, 64 bits long

ScenarioName = Annotated[
    str,
    Argument(
        metavar="SCENARIO",
        help="A shipped scenario (see `list`) or a scenario file.",
        autocompletion=scenario_names,
    ),
]
RunFolder = Annotated[Path, Argument(metavar="RUN", help="The folder of a finished run.")]
Sets = Annotated[
    list[str] | None,
    Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change one parameter, or that of all entries ('needs.*.rate=0'); may be given again.",
    ),
]
Seed = Annotated[int | None, Option(help="The run's luck; the scenario's own if left out.")]
Months = Annotated[int | None, Option(help="How long; as the scenario says if left out.")]


def _version(wanted: bool) -> None:
    if wanted:
        out().print(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


def _load(name: str, sets: list[str] | None, seed: int | None, months: int | None) -> Scenario:
    from ..scenarios import load_scenario
    from .lives_kept import with_lives_kept

    return with_lives_kept(load_scenario(name, sets=sets or [], seed=seed, months=months))


class _Run(TyperCommand):
    """`--csv` may be followed by the word `excel`, but need not be followed by any."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        said: list[str] = []
        for arg in args:
            if arg == "excel" and said[-1:] == ["--csv"]:
                said.pop()
                arg = "--csv=excel"
            said.append("--csv-excel" if arg == "--csv=excel" else arg)
        return super().parse_args(ctx, said)


@app.command(cls=_Run)
@relaxed_gc()
def run(
    scenarios: Annotated[
        list[str],
        Argument(
            metavar="SCENARIO",
            help="A shipped scenario (see `list`) or a scenario file; may be several.",
            autocompletion=scenario_names,
        ),
    ],
    sets: Sets = None,
    seed: Seed = None,
    months: Months = None,
    folder: Annotated[
        Path | None,
        Option(
            "--out",
            metavar="DIR",
            help="Where to; runs/SCENARIO-seedSEED if left out. Of several, the folder they go into.",
        ),
    ] = None,
    overwrite: Annotated[
        bool, Option("--overwrite", help="Replace the run in --out, or below runs/.")
    ] = False,
    csv: Annotated[
        bool, Option("--csv", help="Write the tables as CSV too; `--csv excel` as Excel wants them.")
    ] = False,
    for_excel: Annotated[bool, Option("--csv-excel", hidden=True)] = False,
    no_figures: NoFigures = False,
    own_measures: Annotated[
        list[str] | None,
        Option("--measure", metavar="FILE.py:FUNCTION", help="A measure of your own; may be given again."),
    ] = None,
    threads: Annotated[
        int | None, Option(min=1, help="Threads; one for each core if left out. The results are the same.")
    ] = None,
    ensemble: Ensemble = None,
    seeds: Annotated[
        int | None,
        Option(
            min=1,
            max=MOST_SEEDS,
            help="Under how many seeds: from 5 on, headlines compare and lines have bands. 5 if left out, where that "
            "takes under 2 s; else one. With --ensemble: runs of each set, 2 if left out.",
        ),
    ] = None,
    _: MaxTable = None,
    __: Lang = None,
    strict: Strict = False,
    quiet: Annotated[bool, Option("--quiet", "-q", help="Print the run's folder only.")] = False,
) -> None:
    """Simulate a scenario, or several in turn; leave a folder of tables and figures for each."""
    from ..model.beforehand import check_beforehand
    from ..outcomes.disk import bytes_of_run, check_room
    from . import folders
    from .running import run_into
    from .tables import cautions, outcomes

    if ensemble is not None:
        from .ensemble_runs import refuse, under_ensemble, words_of

        refuse({"--csv": csv or for_excel, "--measure": own_measures})
        [scenario, *others] = scenarios
        if others:
            raise UsageMistake("--ensemble runs one scenario; `compare --ensemble` several")
        loaded = _load(scenario, sets, seed, months)
        check_beforehand(loaded)
        asked = words_of("run", [scenario], {"--set": sets, "--seed": seed, "--months": months})
        under_ensemble(
            [loaded], ensemble, seeds, threads, folder, overwrite, quiet, asked,
            figures=not no_figures, strict=strict,
        )  # fmt: skip
        return
    if own_measures:
        from ..outcomes.declaration import load_measure

        for each in own_measures:
            load_measure(each)
    todo = [_load(scenario, sets, seed, months) for scenario in scenarios]
    for loaded in todo:
        check_beforehand(loaded, runs_next=True)
    targets = folders.choose_all([(each.name, each.seed) for each in todo], folder, overwrite)
    for loaded, target in zip(todo, targets, strict=True):
        check_room(target, bytes_of_run(len(loaded.places), loaded.months, csv=csv or for_excel))
    for line in dict.fromkeys(line for loaded in todo for line in cautions(loaded)) if not quiet else []:
        complain(line)
    screen, missing = out(), list[str]()
    for loaded, target in zip(todo, targets, strict=True):
        result, lacking = run_into(
            target,
            loaded,
            overwrite=overwrite,
            threads=threads,
            csv="excel" if for_excel else csv,
            figures=not no_figures,
            show=sys.stderr.isatty() and not quiet,
            seeds=seeds,
        )
        missing += lacking
        if quiet:
            say(target)
        elif not screen.is_terminal:
            say(f"{loaded.name}, seed {loaded.seed}, {loaded.months} months: {target}")
        else:
            screen.print(outcomes(result))
            say(f"The run:   {target} (data-dictionary.csv describes its tables)")
            if not no_figures:
                say(f"Figures:   {target / 'figures'}")
            say(f"One life:  {typed('story')} {shlex.quote(str(target))}")
    conclude(missing, strict)


@app.command()
def check(
    scenario: ScenarioName,
    sets: Sets = None,
    seed: Seed = None,
    months: Months = None,
    _: MaxTable = None,
    json: Json = False,
) -> None:
    """Read a scenario, find its mistakes, and tell what it holds."""
    from ..model.beforehand import check_beforehand
    from .tables import cautions, scenario_summary

    with every_mistake():
        loaded = _load(scenario, sets, seed, months)
    check_beforehand(loaded)
    if json:
        told = {
            "name": loaded.name,
            "people_at_start": loaded.people_at_start,
            "places": len(loaded.places.code),
        }
        arrivals = {"arrivals_a_year": loaded.arrivals_by_year(), "cautions": cautions(loaded)}
        say_json({**told, **arrivals, "scenario": loaded.resolved()})
        return
    say(f"{loaded.name}: {loaded.title}", *scenario_summary(loaded))


@app.command("list", cls=_BareCommand)
def list_(json: Json = False) -> None:
    """List the shipped scenarios and the question each asks."""
    from ..scenarios import list_scenarios
    from .tables import add_row, titled

    if json:
        names = "name", "title", "question"
        say_json([dict(zip(names, each, strict=True)) for each in list_scenarios()])
        return
    table = titled("Scenarios", "name", "question")
    for name, _, question in list_scenarios():
        add_row(table, name, question)
    out().print(table)


@app.command()
def explain(
    parameter: Annotated[
        str | None, Argument(help="A parameter or a section, as fear.weight or fear.")
    ] = None,
    scenario: Annotated[
        str | None, Option("--scenario", metavar="SCENARIO", help="Tell the value it has there.")
    ] = None,
    json: Json = False,
) -> None:
    """Tell what a parameter means, its unit, range, source, and who set it."""
    from .parameters import all_parameters, all_sections, as_data, find, one_parameter, one_section

    loaded = None if scenario is None else _load(scenario, None, None, None)
    if json:
        chosen = all_parameters(loaded) if parameter is None else find(parameter, loaded)
        say_json([as_data(each, loaded) for each in chosen])
        return
    if parameter is None:
        out().print(all_sections(loaded))
        return
    found = find(parameter, loaded)
    whole_section = len(found) > 1 or found[0].path.startswith(f"{parameter}.")
    out().print(one_section(parameter, found, loaded) if whole_section else one_parameter(found[0], loaded))


@app.command()
def schedule(json: Json = False) -> None:
    """Print the month, and a month in a life: what happens, in which order."""
    from ..model.schedule import describe, describe_life
    from .tables import schedule as table

    if json:
        month = [dict(zip(("number", "step", "what"), each, strict=True)) for each in describe()]
        events = "number", "event", "what", "mechanisms"
        say_json({"month": month, "life": [dict(zip(events, each, strict=True)) for each in describe_life()]})
        return
    headings = "no.", "step", "what happens"
    out().print(table("The month", headings, describe()))
    life = "no.", "event", "what happens", "mechanisms"
    out().print(table("A month in a life (the step: migrants live)", life, describe_life()))


@app.command()
def story(
    run: RunFolder,
    migrant: Annotated[
        str | None, Argument(metavar="MIGRANT", help="A sampled life; a telling one if left out.")
    ] = None,
    list_lives: Annotated[bool, Option("--list", help="List the lives that can be told.")] = False,
    json: Annotated[bool, Option("--json", help="With --list: as JSON, for other programs.")] = False,
    against: Annotated[
        Path | None,
        Option(
            "--against", metavar="OTHER", help="A run of the same seed: tell where the life parts, and both."
        ),
    ] = None,
    _: Lang = None,
) -> None:
    """Tell one sampled life in plain sentences."""
    from ..outcomes import story as stories
    from ..outcomes.places_info import NOBODYS, places_info
    from ..outcomes.run_folder import load_run
    from ..scenarios.languages import tr
    from .folders import reading
    from .tables import lives

    if migrant is not None and not (migrant.isdecimal() and len(migrant) <= DIGITS):
        raise UsageMistake(f"{migrant!r} is not a migrant's number: `story {run} --list` shows them")
    if json and not list_lives:
        raise UsageMistake(
            "--json is for --list: a life is told in sentences (table `events` of the run has it)"
        )
    if against is not None:
        if list_lives:
            raise UsageMistake("--list shows the lives of one run: give it without --against")
        from .story_against import tell_against

        with reading(run, against):
            tell_against(run, against, None if migrant is None else int(migrant))
        return
    with reading(run):
        loaded = load_run(run)
        if list_lives:
            listed = stories.list_lives(loaded)
            if json:
                say_json(listed)
            else:
                out().print(lives(listed))
            return
        told = stories.tell(loaded, None if migrant is None else int(migrant))
    out().print(Text(told))
    if places_info(loaded).named:
        say(tr(NOBODYS))


@app.command()
def new(
    file: Annotated[Path, Argument(metavar="FILE", help="The scenario file to write.")],
    base: Annotated[
        str, Option("--from", metavar="SCENARIO", help="The scenario to start from.")
    ] = "japan-sample",
    schema: Annotated[
        bool, Option("--schema", help="Write the schema by which editors check and complete it.")
    ] = False,
) -> None:
    """Write a commented scenario to start from."""
    from .new_files import write_scenario

    say(*(f"Wrote {path}." for path in write_scenario(file, base, schema=schema)))
    say(f"Next: edit it, then {typed('run')} {shlex.quote(str(file))}")


def main() -> NoReturn:
    """The `local-citizenship` command."""
    stop_as_by_ctrl_c()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a Windows pipe may lack a character
    settle_surroundings()
    status: Any = 0
    try:
        completion = any(arg in ("--install-completion", "--show-completion") for arg in sys.argv[1:2])
        # A shell completes a command, which `python3 start.py` is not.
        app(with_home(sys.argv[1:]), prog_name=COMMAND if completion else command_name())
    except KeyboardInterrupt:
        complain("Stopped.")
        status = STOPPED
    except SystemExit as end:
        gone = isinstance(end.__context__, BrokenPipeError)  # `| head` has read enough
        status = 0 if gone else end.code
    except OSError as error:  # of what is printed before any command begins
        if not (told := refusal(error)):
            raise
        complain(told)
        status = MISTAKE
    cannot_be_stopped()
    for stream in (sys.stdout, sys.stderr):
        if told := let_go(stream):
            complain(told)
            status = status or MISTAKE
    sys.exit(status)


if __name__ == "__main__":
    main()
