"""`local-citizenship effects`: switch each mechanism off, and write down what changes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .console import UsageMistake, err, out
from .progress import RunsProgress


def effects(
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="SCENARIO", help="What to run.")
    ] = "japan-sample",
    pairs: Annotated[int, typer.Option(min=2, help="Pairs of runs for each mechanism.")] = 20,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="ID", help="One mechanism; may be given again.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; the results are the same.")] = 2,
    file: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to.")] = Path("docs/effects.md"),
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print the file's name only.")] = False,
) -> None:
    """Switch each mechanism off in turn, and measure what it does."""
    from ..experiments.effects import effects_of, write_effects
    from ..experiments.mechanisms import MECHANISMS

    known = {mechanism.id: mechanism for mechanism in MECHANISMS if mechanism.without}
    unknown = [name for name in only or [] if name not in known]
    if unknown:
        raise UsageMistake(
            f"there is no mechanism {unknown[0]!r} to switch off: choose from {', '.join(known)}"
        )
    if not file.parent.is_dir():
        raise UsageMistake(f"{file} can't be written: there is no folder {file.parent}")
    wanted = [mechanism for name, mechanism in known.items() if not only or name in only]

    with RunsProgress(err(), quiet=quiet) as progress:
        found = effects_of(wanted, scenario=scenario, pairs=pairs, workers=workers, progress=progress)
    command = f"local-citizenship effects --scenario {scenario} --pairs {pairs}"
    written = write_effects(file, found, command=command, mechanisms=wanted, scenario=scenario)
    out().print(str(written), markup=False, soft_wrap=True)
