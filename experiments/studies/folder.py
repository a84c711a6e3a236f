"""The folder of a study: its file as given, its scenarios resolved, the records of its runs, and in the end its tables.

It needs nothing beside itself: a study is gone on with from what lies there. One runner works on one part of a study:
it holds a lock, with a note beside it of who that is. The system lets go of the lock when its holder ends, however it
ends: a stale one is taken over without asking.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from filelock import FileLock, Timeout
from pydantic import Field

from ...outcomes.declaration import all_measures, load_measures
from ...outcomes.disk import OF_A_RUN, OF_ANY, check_room
from ...outcomes.manifest import DamagedManifest, OtherFormat, Short, Strict, read_manifest
from ...outcomes.outcome_spec import OutcomeSpec, measure
from ...outcomes.plain_yaml import dumped
from ...outcomes.run_folder import plain
from ...outcomes.whole_folder import sole_writer, write_whole, written_whole
from ...scenarios import Scenario, ScenarioError
from ...scenarios.bounded import UnreadableError, yaml_bytes
from . import provenance
from .ensembles import SETS, copy_ensemble
from .points import Point, check_points, points_of
from .read_study import MOST_RUNS, read_study
from .records import Found, StudyError, in_a_sentence, read_records
from .run_queue import WHOLE, RunQueue, Shard
from .study import ENSEMBLE, Study

FORMAT = 1
MOST_ADDED = 1_000_000
_PATIENCE = 60.0  # seconds to wait for another part of a study that makes its folder
ENDING, HOLDER = ".lock", ".holder"
STUDY, MANIFEST, RECORDS, SCENARIOS, TABLES = "study.yaml", "manifest.json", "records", "scenarios", "tables"


class StudyManifest(Strict):
    """The manifest of a study."""

    name: Short
    added_replicates: Annotated[int, Field(ge=0, le=MOST_ADDED)]
    created: Short
    finished: Short | None
    accepted: list[Any] = Field(default_factory=list)
    origin: str = ""
    own_measures: list[dict[Short, str | int | None]] = Field(default_factory=list)
    versions: dict[Short, Short] = Field(default_factory=dict)
    scenarios: dict[Short, Short] = Field(default_factory=dict)
    measure_files: dict[str, Short] = Field(default_factory=dict)


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

    def most_runs(self, more: int = 0) -> int:
        """How many runs it can have at most, with so many `more` replicates a point."""
        return len(self.points) * (self.study.replicates.most + self.added + more)

    @property
    def complete(self) -> bool:
        """Whether all runs are done and the tables written."""
        return self.manifest["finished"] is not None

    def file_of(self, shard: Shard) -> Path:
        """Where a part of the study keeps its runs."""
        name = "runs" if shard == WHOLE else f"shard-{shard.number}-of-{shard.of}"
        return self.path / RECORDS / f"{name}.jsonl"

    def lock_of(self, shard: Shard) -> Path:
        """The lock of a part."""
        return self.file_of(shard).with_suffix(ENDING)

    def read(self) -> dict[Path, Found]:
        """All records there are, by file. Errors: StudyError."""
        return {file: read_records(file) for file in sorted((self.path / RECORDS).glob("*.jsonl"))}

    def queue(
        self, shard: Shard = WHOLE, found: Mapping[Path, Found] | None = None, *, retry: bool = False
    ) -> RunQueue:
        """What is done and what is to do; with `retry`, what failed is to do too."""
        found = self.read() if found is None else found
        records = [record for each in found.values() for record in each.records]
        records = [record for record in records if not (retry and record.failed)]
        return RunQueue(self.study, self.points, records, self.added, shard)

    def at_work(self) -> dict[str, str]:
        """Parts of the study that are being run -> by whom."""
        locks = sorted((self.path / RECORDS).glob(f"*{ENDING}"))
        held = {file.name.removesuffix(ENDING): is_held(file) for file in locks}
        return {name: holder for name, holder in held.items() if holder}

    def note(self, **changes: Any) -> None:
        """Change the manifest, at once or not at all. Errors: StudyError."""
        self.manifest |= changes
        write_json(self.path / MANIFEST, self.manifest)

    def changed(self) -> list[str]:
        """What has changed since the study was begun, each in a few words."""
        return provenance.changes(self.manifest, self._origins())

    def _origins(self) -> dict[str, Any]:
        return provenance.origins(self.study, yaml_bytes(self.path / STUDY))

    def accept(self) -> StudyFolder:
        """Go on in spite of changes: runs that are not of the study as it is now are left aside."""
        words, folder = self.changed(), self
        if "the study's file" in words:  # scenarios, fixed settings or months may be others now
            file = self.path / STUDY
            try:
                origin = Path(self.manifest["origin"])
                study = read_study(file, name=self.study.name, beside=origin)
            except ScenarioError as error:
                raise StudyError(f"{file} was changed, and can't be used: {error}") from error
            with in_a_sentence(self.path):
                write_scenarios(study.scenarios, study.places, self.path / SCENARIOS)
            folder = open_study(self.path)
        accepted = [*folder.manifest["accepted"], {"at": now(), "changes": words}]
        folder.note(**folder._origins(), accepted=accepted, finished=None)
        return folder

    def add_replicates(self, count: int) -> None:
        """Ask for `count` more replicates at each design point. Errors: StudyError while somebody is at work, or if
        there would be more than can be."""
        for holder in self.at_work().values():
            raise StudyError(f"{self.path} is being run ({holder}): wait for it, or stop it")
        if (runs := self.most_runs(count)) > MOST_RUNS or self.added + count > MOST_ADDED:
            raise StudyError(
                f"with {count:,} more replicates the study has {runs:,} runs: {MOST_RUNS:,} are the most, and so are "
                f"{MOST_ADDED:,} replicates added"
            )
        self.note(added_replicates=self.added + count, finished=None)


def create(file: Path, target: Path, *, measures: Sequence[str] = ()) -> StudyFolder:
    """Make the folder of a new study, whole or not at all.

    `measures`: the user's own, as "mine.py:share_helped", kept of each run too; their code is run. Errors:
    ScenarioError, StudyError, MeasureError; OutputError where the disk has no room.
    """
    named = [each for text in measures for each in load_measures(text)]
    own = list(dict.fromkeys(measure(theme.id, each.name) for theme, each in named))
    study = read_study(file, own=own)
    make(study, yaml_bytes(file), target, os.path.abspath(file.parent), own)
    return open_study(target)


def make(
    study: Study, text: bytes, target: Path, origin: str, own: Sequence[OutcomeSpec] = ()
) -> StudyFolder:
    """The same of a study that has been read: `text` is its file, `origin` the folder that this lay in.

    Errors: ScenarioError, StudyError; OutputError where the disk has no room.
    """
    with new_folder(target, "study", wait=_PATIENCE) as place:
        points = points_of(study)
        check_points(study, points)
        check_room(target, OF_ANY + OF_A_RUN * len(points) * study.replicates.least)
        with written_whole(place) as built:
            (built / STUDY).write_bytes(text)
            (built / RECORDS).mkdir()
            write_scenarios(study.scenarios, study.places, built / SCENARIOS)
            if study.worlds is not None:
                copy_ensemble(Path(study.worlds.ensemble), built / ENSEMBLE)
            manifest = {
                "format": FORMAT,
                "name": study.name,
                "origin": origin,
                "added_replicates": 0,
                "created": now(),
                "finished": None,
                "accepted": [],
                "own_measures": [asdict(spec) for spec in own],
                **provenance.origins(study, text),
            }
            write_json(built / MANIFEST, manifest)
    return StudyFolder(target, study, points, manifest)


def manifest_of(path: Path, what: str, file: str, kind: type[Strict], read_format: int) -> dict[str, Any]:
    """The manifest of the folder of a study or a calibration, which keeps its own `file`. Errors: StudyError."""
    if not path.is_dir():
        raise StudyError(f"there is no {what} folder {path}" + (": it is a file" if path.exists() else ""))
    if not (path / MANIFEST).is_file() or not (path / file).is_file():
        lacking = " and ".join(name for name in (MANIFEST, file) if not (path / name).is_file())
        hint = "; it is an ensemble, for `--ensemble`" if (path / SETS).is_file() else ""
        raise StudyError(f"{path} is not the folder of a {what}: it has no {lacking}{hint}")
    try:
        return read_manifest(path / MANIFEST, kind, read_format)
    except OtherFormat as error:
        raise StudyError(
            f"{path} was written in format {error}, and this version reads format {read_format}"
        ) from error
    except DamagedManifest as error:
        raise StudyError(f"{path / MANIFEST} is damaged ({error})") from error


@contextlib.contextmanager
def new_folder(target: Path, command: str, *, wait: float = 0.0) -> Iterator[Path]:
    """Where a folder is to be made, which nobody else makes, and of which there is none yet; absolute.

    `command`: it goes on with one. `wait`: seconds for another process. Errors: StudyError.
    """
    place = Path(os.path.abspath(target))
    try:
        place.name.encode()
    except UnicodeEncodeError:
        raise StudyError(f"{str(target)!r} is no name in UTF-8: choose another") from None
    if not place.name:
        raise StudyError(f"{target} exists already: give another --out")
    with in_a_sentence(target), sole_writer(place, wait=wait):
        if place.is_file():
            raise StudyError(f"{target} is a file: give another --out")
        if os.path.lexists(place):
            raise StudyError(
                f"{target} exists already: give another --out, or go on with `{command} resume {target}`"
            )
        yield place


def open_study(path: Path) -> StudyFolder:
    """The study in a folder. Errors: StudyError, or ScenarioError if its files have been spoilt."""
    manifest = manifest_of(path, "study", STUDY, StudyManifest, FORMAT)
    try:
        own = [OutcomeSpec(**spec) for spec in manifest.get("own_measures", ())]
    except TypeError as error:
        raise StudyError(f"{path / MANIFEST} is damaged ({error})") from error
    study = read_study(path / STUDY, name=manifest["name"], scenarios_in=path / SCENARIOS, own=own)
    return StudyFolder(path, study, points_of(study), manifest)


def join(file: Path, target: Path, measures: Sequence[str] = ()) -> StudyFolder:
    """The study of `file` in the folder `target`, made if it is not there: for parts that begin in any order.

    Errors: StudyError if the folder holds another study, or one of other rules; ScenarioError.
    """
    if not os.path.lexists(target):
        try:
            return create(file, target, measures=measures)
        except StudyError:
            if not os.path.isdir(target):  # if it is, another part was quicker
                raise
    folder = open_study(target)
    for text in measures:
        load_measures(text)
    words = folder.changed()
    try:
        same = yaml_bytes(folder.path / STUDY) == yaml_bytes(file)
    except UnreadableError as error:
        raise StudyError(f"{file} {error}") from error
    if not same:
        words = ["the study's file"]
    if words:
        raise StudyError(
            f"{target} holds a study from which this one differs: {', '.join(words)}; give another --out, or go on "
            "there with `study resume`"
        )
    return folder


def refuse_unknown_code(study: Study) -> None:
    """A folder names the files of a user's measures, but only the user has them run. Errors: StudyError."""
    known = {each.origin for _, each in all_measures()}
    for spec in study.outcomes:
        if spec.origin and spec.origin not in known:
            raise StudyError(f"the study keeps a measure of your own: give --measure {spec.origin} again")


def write_scenarios(scenarios: Iterable[Scenario], places: Mapping[str, str], folder: Path) -> None:
    """The scenarios as they are run, with tables of places that don't come with the package beside them."""
    folder.mkdir(exist_ok=True)
    for scenario in scenarios:
        table = folder / f"{scenario.name}-places.csv"
        table.unlink(missing_ok=True)
        if scenario.name in places:
            shutil.copyfile(places[scenario.name], table)
        write_scenario(scenario, folder / f"{scenario.name}.yaml")


def write_scenario(scenario: Scenario, file: Path) -> None:
    """A scenario, resolved; with the table of places that lies beside it, if there is one of its name."""
    resolved = plain(scenario.resolved())
    table = f"{scenario.name}-places.csv"
    if (file.parent / table).is_file():
        resolved["places"] = table
    write_text(file, dumped(resolved))


def now() -> str:
    """The time, as ISO 8601 has it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def write_json(file: Path, content: Mapping[str, Any]) -> None:
    """JSON that people can read, written at once or not at all. Errors: StudyError."""
    write_text(file, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def write_text(file: Path, text: str) -> None:
    """Text, written at once or not at all. Errors: StudyError."""
    with in_a_sentence(file):
        write_whole(file, text)


@contextlib.contextmanager
def locked(file: Path, what: str, wait: float = 0.0) -> Iterator[None]:
    """Hold the lock `file` for the time of the block, waiting so many seconds for it if need be.

    Errors: StudyError, which tells who comes second that `what` is at work, if another process holds the lock, or one
    of another computer that may still do so: a network's file system may not carry locks from one to another.
    """
    lock, note = FileLock(file, timeout=wait), file.with_suffix(HOLDER)
    with in_a_sentence(file):
        try:
            lock.acquire()
        except Timeout:
            raise StudyError(f"{what} is at work already ({_words(_holder(file))})") from None
        except NotImplementedError:
            raise StudyError(f"{file} can't be locked on this file system: give another --out") from None
    try:
        holder = _holder(file)
        if _is_elsewhere(holder):
            raise StudyError(
                f"{what} may be at work ({_words(holder)}); if it is not, remove {note} and try again"
            )
        with in_a_sentence(note):
            write_whole(note, json.dumps({"pid": os.getpid(), "host": socket.gethostname()}))
        try:
            yield
        finally:
            note.unlink(missing_ok=True)
    finally:
        lock.release()


def is_held(file: Path) -> str:
    """Who holds a lock, in words; "" if nobody does."""
    holder = _holder(file)
    try:
        with FileLock(file, timeout=0):
            return _words(holder) if _is_elsewhere(holder) else ""
    except Timeout:
        return _words(holder)
    except OSError:
        return ""


def _holder(file: Path) -> dict[str, Any]:
    with contextlib.suppress(UnreadableError, ValueError):
        found = json.loads(yaml_bytes(file.with_suffix(HOLDER)))
        return found if isinstance(found, dict) else {}
    return {}


def _is_elsewhere(holder: dict[str, Any]) -> bool:
    return bool(holder) and holder.get("host") != socket.gethostname()


def _words(holder: dict[str, Any]) -> str:
    if not holder:
        return "a process that has just begun"
    return f"process {holder.get('pid')} on {holder.get('host')}"
