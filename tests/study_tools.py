"""Studies for tests: small ones, and engines that do their runs in this process, in whatever order."""

from __future__ import annotations

import random
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from local_citizenship.experiments.studies.folder import StudyFolder, create, open_study
from local_citizenship.experiments.studies.run_queue import WHOLE, Shard
from local_citizenship.experiments.studies.running import Ran, run_study
from local_citizenship.experiments.studies.working import install, packed

SMALL = """\
title: A small study
scenarios: two-towns
months: 6
factors:
  fear.weight: [0, 5]
  ngos.enabled: [true, false]
replicates: 2
outcomes: [needs_met, take_up]
"""


class Here(Executor):
    """Does the runs in this process; with a seed, they finish in an order of its own."""

    def __init__(self, folder: StudyFolder, *, shuffled: int | None = None, after: int | None = None) -> None:
        install(*packed(folder.study, folder.points))
        self.executor = self
        self.order = None if shuffled is None else random.Random(shuffled)
        self.after = after  # runs after which somebody presses Ctrl-C
        self.waiting: list[tuple[Future[Any], Any, tuple[Any, ...]]] = []
        self.done = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, fn, args))
        return future

    def room(self, finished: int) -> int:
        while len(self.waiting) >= 3:
            self._one()
        return 3

    def check(self) -> None:
        if self.after is not None and self.done >= self.after:
            raise KeyboardInterrupt
        if self.waiting:
            self._one()

    def _one(self) -> None:
        place = 0 if self.order is None else self.order.randrange(len(self.waiting))
        future, fn, args = self.waiting.pop(place)
        self.done += 1
        try:
            future.set_result(fn(*args))
        except BaseException as error:
            future.set_exception(error)

    def verdict(self, error: BaseException) -> str:
        raise error

    def close(self, at_once: bool) -> None:
        pass


def made(folder: Path, text: str = SMALL, name: str = "small") -> StudyFolder:
    """A study that has not run yet, in folder/name."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.yaml"
    file.write_text(text, encoding="utf-8")
    return create(file, folder / name)


def made_and_ran(folder: Path, text: str = SMALL, name: str = "small", **how: Any) -> StudyFolder:
    """A study that has run."""
    study = made(folder, text, name)
    ran(study, **how)
    return study


def ran(
    study: StudyFolder, shard: Shard = WHOLE, *, retry: bool = False, **how: Any
) -> tuple[Ran, list[str]]:
    """Run what is missing, here; what came of it, and what was said."""
    said: list[str] = []
    found = run_study(study, lambda: Here(study, **how), shard=shard, retry=retry, say=said.append)
    return found, said


def edited(study: StudyFolder, old: str, new: str) -> StudyFolder:
    """The study, opened again after its file was changed."""
    file = study.path / "study.yaml"
    file.write_text(file.read_text().replace(old, new))
    return open_study(study.path)


def tables(folder: Path) -> dict[str, bytes]:
    """The bytes of the final tables, by name."""
    return {file.name: file.read_bytes() for file in sorted((folder / "tables").iterdir())}
