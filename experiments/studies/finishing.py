"""What is done once, when the last run of a study is in: its tables, and its description for others."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .agenda import Agenda
from .crate import write_crate
from .folder import RECORDS, StudyFolder, now, write_scenario
from .locks import ENDING, locked
from .points import scenario_at, set_options
from .records import StudyError, told
from .tables import SCENARIOS, point_file, results_of, write_tables

TABLES = "tables"
_PATIENCE = 60.0  # seconds to wait for another part of the study that is at it


def finish(folder: StudyFolder) -> bool:
    """Write tables and description if all runs are done; says whether they are. Errors: StudyError."""
    agenda = folder.agenda()
    if not agenda.complete():
        return False
    with _in_turn(folder.path / RECORDS / f"finish{ENDING}"), told(folder.path):
        if folder.complete and (folder.path / TABLES).is_dir():
            return True
        _write_points_that_failed(folder, agenda)
        with _replaced(folder.path / TABLES) as built:
            write_tables(results_of(agenda), built)
        finished = now()
        write_crate(folder, finished)
        folder.note(finished=finished, runs=sum(1 for _ in agenda.rows()))
    return True


def _write_points_that_failed(folder: StudyFolder, agenda: Agenda) -> None:
    """The scenarios of those whose failed runs no `--set` can repeat."""
    for number in dict.fromkeys(point for point, _, record in agenda.rows() if record.failed):
        point = folder.points[number]
        if set_options(folder.study, point) is None:
            beside = folder.path / SCENARIOS / f"{point.scenario}.yaml"
            write_scenario(scenario_at(folder.study, point), folder.path / point_file(number), beside)


@contextlib.contextmanager
def _in_turn(lock: Path) -> Iterator[None]:
    """Hold the lock, waiting for it if need be. Errors: StudyError."""
    until = time.monotonic() + _PATIENCE
    with contextlib.ExitStack() as stack:
        while True:
            try:
                stack.enter_context(locked(lock, "writing the tables"))
            except StudyError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)
                continue
            break
        yield


@contextlib.contextmanager
def _replaced(target: Path) -> Iterator[Path]:
    """A folder to fill, which then takes the place of `target`."""
    built = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        yield built
        os.chmod(built, 0o755)
        if target.exists():
            shutil.rmtree(target)
        built.rename(target)
    except BaseException:
        shutil.rmtree(built, ignore_errors=True)
        raise
