"""The folder of a study: its file as given, its scenarios resolved, the records of its runs, and in the end its tables.

It needs nothing beside itself: a study is gone on with from what lies there.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ...outcomes.plain_yaml import dumped
from ...outcomes.run_folder import plain, written_whole
from ...scenarios import Scenario, ScenarioError
from . import origins
from .agenda import WHOLE, Agenda, Shard
from .locks import ENDING, is_held
from .points import Point, points_of
from .read_study import read_study
from .records import Found, Record, StudyError, read_records, told
from .study import Study
from .tables import SCENARIOS

FORMAT = 1
STUDY, MANIFEST, RECORDS = "study.yaml", "manifest.json", "records"
WHOLE_FILE = "runs"


@dataclass
class StudyFolder:
    """A study on disk."""

    path: Path
    study: Study
    points: list[Point]
    manifest: dict[str, Any]

    @property
    def added(self) -> int:
        """Replicates a point, on top of what the file says."""
        return int(self.manifest["added_replicates"])

    @property
    def complete(self) -> bool:
        """Whether all runs are done and the tables written."""
        return self.manifest["finished"] is not None

    def file_of(self, shard: Shard) -> Path:
        """Where a part of the study keeps its runs."""
        name = WHOLE_FILE if shard == WHOLE else f"shard-{shard.number}-of-{shard.of}"
        return self.path / RECORDS / f"{name}.jsonl"

    def read(self) -> dict[Path, Found]:
        """All records there are, by file. Errors: StudyError."""
        return {file: read_records(file) for file in sorted((self.path / RECORDS).glob("*.jsonl"))}

    def agenda(
        self, shard: Shard = WHOLE, found: Mapping[Path, Found] | None = None, *, retry: bool = False
    ) -> Agenda:
        """What is done and what is to do; with `retry`, what failed is to do too."""
        found = self.read() if found is None else found
        records: list[Record] = [record for each in found.values() for record in each.records]
        if retry:
            records = [record for record in records if not record.failed]
        return Agenda(self.study, self.points, records, self.added, shard)

    def at_work(self) -> dict[str, str]:
        """Parts of the study that are being run -> by whom."""
        locks = sorted((self.path / RECORDS).glob(f"*{ENDING}"))
        held = {file.name.removesuffix(ENDING): is_held(file) for file in locks}
        return {name: holder for name, holder in held.items() if holder}

    def note(self, **changes: Any) -> None:
        """Change the manifest, at once or not at all. Errors: StudyError."""
        self.manifest |= changes
        write_json(self.path / MANIFEST, self.manifest)

    def lock_of(self, shard: Shard) -> Path:
        """The lock of a part."""
        return self.file_of(shard).with_suffix(ENDING)


def create(file: Path, target: Path, *, name: str | None = None) -> StudyFolder:
    """Make the folder of a new study, whole or not at all. Errors: ScenarioError, StudyError."""
    study = read_study(file, name=name)
    text = file.read_bytes()
    if os.path.lexists(target):
        raise StudyError(
            f"{target} exists already: give another --out, or go on with `study resume {target}`"
        )
    with told(target), written_whole(Path(os.path.abspath(target))) as built:
        (built / STUDY).write_bytes(text)
        (built / RECORDS).mkdir()
        write_scenarios(study, built / SCENARIOS)
        manifest = {
            "format": FORMAT,
            "name": study.name,
            "origin": os.path.abspath(file.parent),
            "added_replicates": 0,
            "created": now(),
            "finished": None,
            "accepted": [],
            **origins.origins(study, text),
        }
        write_json(built / MANIFEST, manifest)
    return open_study(target)


def write_scenarios(study: Study, folder: Path) -> None:
    """The scenarios as they are run, with tables of places that don't come with the package beside them."""
    folder.mkdir(exist_ok=True)
    for scenario in study.scenarios:
        resolved = plain(scenario.resolved())
        if scenario.name in study.places:
            table = f"{scenario.name}-places.csv"
            shutil.copyfile(study.places[scenario.name], folder / table)
            resolved["places"] = table
        write_text(folder / f"{scenario.name}.yaml", dumped(resolved))


def write_scenario(scenario: Scenario, file: Path, beside: Path) -> None:
    """One more scenario: with the table of places that the resolved scenario `beside` it has."""
    resolved = plain(scenario.resolved())
    table = f"{beside.stem}-places.csv"
    if (beside.parent / table).is_file():
        resolved["places"] = table
    write_text(file, dumped(resolved))


def open_study(path: Path) -> StudyFolder:
    """The study in a folder. Errors: StudyError, or ScenarioError if its files have been spoilt."""
    if not path.is_dir():
        raise StudyError(f"there is no study folder {path}" + (": it is a file" if path.exists() else ""))
    if not (path / MANIFEST).is_file() or not (path / STUDY).is_file():
        raise StudyError(f"{path} is not the folder of a study: it has no {MANIFEST} and {STUDY}")
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        kept, name, _ = manifest["format"], manifest["name"], manifest["added_replicates"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StudyError(f"{path / MANIFEST} is damaged ({error})") from error
    if kept != FORMAT:
        raise StudyError(f"{path} was written in format {kept}, and this version reads format {FORMAT}")
    study = read_study(path / STUDY, name=name, scenarios_in=path / SCENARIOS)
    return StudyFolder(path, study, points_of(study), manifest)


def changed(folder: StudyFolder) -> list[str]:
    """What has changed since the study was begun, each in a few words."""
    text = (folder.path / STUDY).read_bytes()
    return origins.changes(folder.manifest, origins.origins(folder.study, text))


def accept(folder: StudyFolder) -> StudyFolder:
    """Go on in spite of changes: runs that are not of the study as it is now are left aside."""
    path = folder.path
    text = (path / STUDY).read_bytes()
    words = changed(folder)
    if "the study's file" in words:
        # Scenarios, fixed settings or months may be others now.
        origin = Path(folder.manifest["origin"])
        try:
            study = read_study(path / STUDY, name=folder.study.name, beside=origin)
        except ScenarioError as error:
            raise StudyError(f"{path / STUDY} was changed, and can't be used: {error}") from error
        with told(path):
            write_scenarios(study, path / SCENARIOS)
        folder = open_study(path)
    accepted = [*folder.manifest["accepted"], {"at": now(), "changes": words}]
    folder.note(**origins.origins(folder.study, text), accepted=accepted, finished=None)
    return folder


def now() -> str:
    """The time, as ISO 8601 has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """JSON that people can read, written at once or not at all. Errors: StudyError."""
    write_text(file, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def write_text(file: Path, text: str) -> None:
    """Text, written at once or not at all. Errors: StudyError."""
    with told(file), _replacing(file) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")


@contextlib.contextmanager
def _replacing(file: Path) -> Iterator[Path]:
    """A file to write, which then takes the place of `file`."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}-", dir=file.parent)
    os.close(handle)
    try:
        yield Path(name)
        os.chmod(name, 0o644)
        os.replace(name, file)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise
