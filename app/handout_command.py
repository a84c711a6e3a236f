"""`handout`: runs in one HTML file that opens anywhere."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .console import UsageMistake, err, out

if TYPE_CHECKING:
    from ..outcomes.run import Run
    from ..scenarios import Scenario
    from .classroom.handout import Exhibit

_LARGE = 3_000_000  # bytes, above which a hand-out is slow to send and to open
_MOST_WORLDS = 60


def handout(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE...",
            help="Folders of finished runs; scenarios, or folders of studies, whose runs are then made.",
        ),
    ],
    target: Annotated[Path, typer.Option("-o", "--out", metavar="FILE", help="The HTML file to write.")],
    seeds: Annotated[
        int,
        typer.Option(min=1, help="Of scenarios and design points: so many runs each, by luck alone apart."),
    ] = 1,
    seed: Annotated[
        int | None, typer.Option(help="Of scenarios: the first seed; the scenario's own if left out.")
    ] = None,
    months: Annotated[int | None, typer.Option(help="Of scenarios: how long.")] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="Of scenarios: a second world beside each, with this changed; may be given again.",
        ),
    ] = None,
    title: Annotated[
        str, typer.Option(help="What the page is called; the first run's title if left out.")
    ] = "",
    lives: Annotated[int, typer.Option(min=0, help="Lives told in full, of each run at most.")] = 300,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if there is one.")] = False,
) -> None:
    """Write a hand-out: one HTML file to explore runs without any installation.

    It opens from disk in any browser of 2023 or later, and never asks for anything outside. With several runs one
    chooses among them, two side by side.
    """
    from .classroom import handout as handouts
    from .classroom.page_folder import PAGE

    _refuse(target, overwrite)
    loaded = _loaded(sources, sets or [], seeds, seed, months)
    if (number := sum(max(1, len(shown.seeds)) for shown in loaded.values())) > _MOST_WORLDS:
        raise UsageMistake(f"a hand-out holds at most {_MOST_WORLDS} runs, and these are {number}")
    made = []

    def exhibits() -> Iterator[Exhibit]:
        for exhibit in _exhibits(loaded):  # one at a time: together they may not fit into memory
            made.append(exhibit.label)
            yield exhibit

    try:
        size = handouts.write_whole(
            target, lambda: handouts.handout(exhibits(), PAGE, title=title, lives=lives)
        )
    except OSError as error:
        raise UsageMistake(f"{target} can't be written: {error.strerror or error}") from error
    out().print(f"Wrote {target} ({size / 1e6:.1f} MB, runs: {len(made)}).", markup=False, soft_wrap=True)
    if size > _LARGE:
        note = "It is large to send: take fewer runs, or a scenario with more people for each record."
        err().print(note, markup=False, soft_wrap=True)


def _refuse(target: Path, overwrite: bool) -> None:
    if target.is_dir():
        raise UsageMistake(f"{target} is a folder: give a file, as -o lesson.html")
    if os.path.lexists(target) and not overwrite:
        raise UsageMistake(f"{target} exists already: give another -o, or --overwrite to replace it")
    standing = Path(os.path.abspath(target)).parent
    while not os.path.lexists(standing):
        standing = standing.parent
    if not standing.is_dir() or not os.access(standing, os.W_OK):
        raise UsageMistake(f"{target} can't be written: {standing} is no folder that can be written to")


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
    from ..outcomes.run import Run
    from ..scenarios import ScenarioTemplate

    found: dict[str, _Shown] = {}
    for source, name in _names(sources).items():
        if (Path(source) / STUDY).is_file():
            found.update(_points(Path(source), name, seeds))
        elif os.path.isdir(source):
            found[name] = _Shown(Run.load(source))
        else:
            prepared = ScenarioTemplate(source)
            for label, changed in {
                name: [],
                **({f"{name}, {', '.join(sets)}": sets} if sets else {}),
            }.items():
                scenario = prepared.scenario(sets=changed, seed=seed, months=months)
                found[label] = _Shown(scenario, tuple(seeds_for(scenario.seed, seeds)))
    return found


def _points(folder: Path, name: str, seeds: int) -> dict[str, _Shown]:
    """The design points of a study, each under the first seeds the study itself has for it.

    A study keeps numbers of its runs, not the runs: they are made again, and come out the same.
    """
    from ..experiments.studies.folder import open_study
    from ..experiments.studies.points import scenario_at, seed_for

    kept = open_study(folder)
    study = kept.study
    found = {}
    for point in kept.points:
        values = ", ".join(f"{factor} = {_said(value)}" for factor, value in point.values.items())
        where = point.scenario if len(study.scenarios) > 1 or not values else ""
        label = f"{name}: {', '.join(part for part in (where, values) if part)}"
        chosen = tuple(seed_for(study, point.number, replicate) for replicate in range(seeds))
        found[label] = _Shown(scenario_at(study, point), chosen)
    return found


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:g}" if isinstance(value, float) else str(value)


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
    matter = [
        info.name,
        info.start,
        info.months,
        dict(info.parameters),
        [dict(each) for each in info.timeline],
    ]
    return hashlib.sha256(json.dumps(matter, sort_keys=True, default=str).encode()).hexdigest()[:12]


def _names(sources: list[str]) -> dict[str, str]:
    """A short name for each source: the last part of a path, unless two have the same."""
    short = [Path(source).name.removesuffix(".yaml") for source in sources]
    return {s: name if short.count(name) == 1 else s for s, name in zip(sources, short, strict=True)}


def _runs(scenario: Scenario, seeds: tuple[int, ...]) -> Iterator[Run]:
    """The scenario under each of these seeds, one after another."""
    from dataclasses import replace

    from ..experiments.replicates import release
    from ..model import LocalCitizenship
    from ..outcomes.run import Run
    from .progress import MonthProgress

    for number in seeds:
        model = LocalCitizenship(replace(scenario, seed=number))
        if err().is_terminal:
            with MonthProgress(
                err(), scenario.date, f"Running {scenario.name}, seed {number} ..."
            ) as progress:
                model.run(progress=progress)
        else:
            model.run()
        run = Run.from_model(model)
        model.release()
        release(model)
        yield run
