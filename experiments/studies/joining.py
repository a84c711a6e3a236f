"""Taking part in a study that others have begun, and asking more of it."""

from __future__ import annotations

import os
from pathlib import Path

from .folder import StudyFolder, changed, create, open_study
from .records import StudyError


def join(file: Path, target: Path) -> StudyFolder:
    """The study of `file` in the folder `target`, made if it is not there: for parts that begin in any order.

    Errors: StudyError if the folder holds another study, or one of other rules; ScenarioError.
    """
    if not os.path.lexists(target):
        try:
            return create(file, target)
        except StudyError:
            if not os.path.isdir(target):  # if it is, another part was quicker
                raise
    folder = open_study(target)
    words = changed(folder)
    if (folder.path / "study.yaml").read_bytes() != file.read_bytes():
        words = ["the study's file"]
    if words:
        raise StudyError(
            f"{target} holds a study from which this one differs: {', '.join(words)}; give another --out, or go on "
            "there with `study resume`"
        )
    return folder


def add_replicates(folder: StudyFolder, count: int) -> None:
    """Ask for `count` more replicates at each design point. Errors: StudyError while somebody is at work."""
    for holder in folder.at_work().values():
        raise StudyError(f"{folder.path} is being run ({holder}): wait for it, or stop it")
    folder.note(added_replicates=folder.added + count, finished=None)
