"""`handout`: runs in one HTML file that opens anywhere."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from .console import UsageMistake, err, relaxed_gc, say
from .folders import check_file, reading
from .options import Lang, MaxTable

if TYPE_CHECKING:
    from ..outcomes.run import Run
    from ..scenarios import Scenario
    from .classroom.handout import Exhibit

_LARGE = 3_000_000  # bytes, above which a hand-out is slow to send and to open
_MOST_WORLDS = 60


@relaxed_gc()
def handout(
    target: Annotated[Path, Option("-o", "--out", metavar="FILE", help="The HTML file to write.")],
    sources: Annotated[
        list[str] | None,
        Argument(
            metavar="SOURCE...",
            help="Folders of finished runs; scenarios, or folders of studies, whose runs are then made.",
        ),
    ] = None,
    grid: Annotated[
        str | None,
        Option(
            "--grid",
            metavar="FILE",
            help="Instead of sources: sliders over this grid, all of whose runs are made; a shipped one by its name.",
        ),
    ] = None,
    runs: Annotated[
        Path | None,
        Option("--runs", metavar="DIR", help="Of a grid: where its runs are kept; studies/NAME if left out."),
    ] = None,
    workers: Annotated[
        int | None, Option(min=1, help="Of a grid: processes; one for each core if left out.")
    ] = None,
    seeds: Annotated[
        int | None,
        Option(min=1, help="Of scenarios and design points: so many runs each, by luck alone apart."),
    ] = None,
    seed: Annotated[
        int | None, Option(help="Of scenarios: the first seed; the scenario's own if left out.")
    ] = None,
    months: Annotated[int | None, Option(help="Of scenarios: how long.")] = None,
    sets: Annotated[
        list[str] | None,
        Option(
            "--set",
            metavar="KEY=VALUE",
            help="Of scenarios: a second world beside each, with this changed; may be given again.",
        ),
    ] = None,
    _: MaxTable = None,
    __: Lang = None,
    title: Annotated[str, Option(help="What the page is called; the first run's title if left out.")] = "",
    lives: Annotated[
        int | None,
        Option(
            min=0,
            help="Lives told in full, of each run at most: 300, of the corners of a grid 24 if left out.",
        ),
    ] = None,
    overwrite: Annotated[bool, Option("--overwrite", help="Replace the file if there is one.")] = False,
) -> None:
    """Write a hand-out: one HTML file to explore runs without any installation.

    It opens from disk in any browser of 2023 or later, and never asks for anything outside. With several runs one
    chooses among them, two side by side. With --grid it has sliders that snap to the grid's values.
    """
    from ..outcomes.whole_folder import refusal_told, write_whole
    from .classroom import handout as handouts
    from .classroom.bundle import PAGE
    from .classroom.handout import MOST_LIVES

    check_file(target)
    if os.path.lexists(target) and not overwrite:
        raise UsageMistake(f"{target} exists already: give another -o, or --overwrite to replace it")
    if grid is not None:
        of_runs = {"SOURCE": sources, "--seeds": seeds, "--seed": seed, "--months": months, "--set": sets}
        _refuse_both(of_runs)
        from .grid_command import grid_handout

        grid_handout(grid, target, runs=runs, workers=workers, title=title, lives=lives)
        return
    if runs is not None or workers is not None:
        raise UsageMistake(
            f"{'--runs' if runs is not None else '--workers'} is for a grid: give --grid FILE too"
        )
    if not sources:
        raise UsageMistake("say what to hand out: runs, scenarios or studies, or --grid FILE for sliders")
    seeds, lives = seeds or 1, MOST_LIVES if lives is None else lives
    if seeds > _MOST_WORLDS:
        raise UsageMistake(
            f"a hand-out holds at most {_MOST_WORLDS} runs, and --seeds {seeds:,} asks for more"
        )
    with reading(*(Path(source) for source in sources)):
        loaded = _loaded(sources, sets or [], seeds, seed, months)
    if (number := sum(max(1, len(shown.seeds)) for shown in loaded.values())) > _MOST_WORLDS:
        raise UsageMistake(f"a hand-out holds at most {_MOST_WORLDS} runs, and these are {number}")
    made = []

    def exhibits() -> Iterator[Exhibit]:
        for exhibit in _exhibits(loaded):  # one at a time: together they may not fit into memory
            made.append(exhibit.label)
            yield exhibit

    with reading(*(Path(source) for source in sources)):
        page = handouts.handout(exhibits(), PAGE, title=title, lives=lives).encode()
    with refusal_told(target):
        write_whole(target, page)
    size = len(page)
    say(f"Wrote {target} ({size / 1e6:.1f} MB, runs: {len(made)}).")
    if size > _LARGE:
        note = "It is large to send: take fewer runs, or a scenario with more people for each record."
        say(note, to=err())


def _refuse_both(of_runs: Mapping[str, object]) -> None:
    """Errors: UsageMistake if something is given beside a grid that its file says."""
    for name, value in of_runs.items():
        if value:
            raise UsageMistake(
                f"--grid and {name} don't go together: a grid's file says what is run, and how often"
            )


@dataclass(frozen=True)
class _Shown:
    """What is shown under one label: a finished run, or a scenario to be run under each of `seeds`."""

    what: Run | Scenario
    seeds: tuple[int, ...] = ()


def _loaded(
    sources: list[str], sets: list[str], seeds: int, seed: int | None, months: int | None
) -> dict[str, _Shown]:
    """All that is asked for, by label, before any of it is run: a mistake is told at once."""
    from ..experiments.replicates import seeds_for
    from ..experiments.studies.folder import STUDY
    from ..outcomes.run_folder import load_run
    from ..scenarios import ScenarioTemplate

    found: dict[str, _Shown] = {}
    for source, name in _names(sources).items():
        if (Path(source) / STUDY).is_file():
            found.update(_points(Path(source), name, seeds))
        elif os.path.isdir(source):
            found[name] = _Shown(load_run(source))
        else:
            prepared = ScenarioTemplate(source)
            worlds = {name: [], **({f"{name}, {', '.join(sets)}": sets} if sets else {})}
            for label, changed in worlds.items():
                scenario = prepared.scenario(sets=changed, seed=seed, months=months)
                found[label] = _Shown(scenario, tuple(seeds_for(scenario.seed, seeds)))
    return found


def _points(folder: Path, name: str, seeds: int) -> dict[str, _Shown]:
    """The design points of a study, each under the first seeds the study itself has for it.

    A study keeps numbers of its runs, not the runs: they are made again, and come out the same.
    """
    from ..experiments.studies.folder import open_study
    from ..experiments.studies.points import scenario_at, seed_for
    from ..outcomes.wording import value_text

    kept = open_study(folder)
    study = kept.study
    found = {}
    for point in kept.points:
        values = ", ".join(f"{factor} = {value_text(value)}" for factor, value in point.values.items())
        where = point.scenario if len(study.scenarios) > 1 or not values else ""
        label = f"{name}: {', '.join(part for part in (where, values) if part)}"
        chosen = tuple(seed_for(study, point.number, replicate) for replicate in range(seeds))
        found[label] = _Shown(scenario_at(study, point), chosen)
    return found


def _exhibits(loaded: dict[str, _Shown]) -> Iterator[Exhibit]:
    """The runs one after another, those of scenarios made now; runs that differ by luck alone make up a group."""
    from ..scenarios import Scenario
    from .classroom.handout import Exhibit

    for name, shown in loaded.items():
        if not isinstance(shown.what, Scenario):
            yield Exhibit(shown.what, name, _without_seed(shown.what))
            continue
        for run in _runs(shown.what, shown.seeds):
            label = name if len(shown.seeds) == 1 else f"{name}, seed {run.seed}"
            yield Exhibit(run, label, _without_seed(run))


def _without_seed(run: Run) -> str:
    """What runs that differ by luck alone have in common, as a short text."""
    info = run.scenario
    changes = [dict(each) for each in info.timeline]
    matter = [info.name, info.start, info.months, dict(info.parameters), changes]
    return hashlib.sha256(json.dumps(matter, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _names(sources: list[str]) -> dict[str, str]:
    """A short name for each source: the last part of a path, unless two have the same."""
    short = [Path(source).name.removesuffix(".yaml") for source in sources]
    return {s: name if short.count(name) == 1 else s for s, name in zip(sources, short, strict=True)}


def _runs(scenario: Scenario, seeds: tuple[int, ...]) -> Iterator[Run]:
    """The scenario under each of these seeds, one after another."""
    from ..outcomes.simulate import simulate
    from .progress import month_progress

    for seed in seeds:
        start = f"Running {scenario.name}, seed {seed} ..."
        with month_progress(err(), scenario, start, show=err().is_terminal) as progress:
            run = simulate(scenario, seed=seed, progress=progress)
        yield run
