"""Whether there is room on a disk, asked before anything is computed."""

from __future__ import annotations

import shutil
from pathlib import Path

from .whole_folder import OutputError, existing_parent

# What results take at least, well below what was measured (8 MB of japan-sample's, 1 MB of two-towns').
OF_ANY = 3e6  # bytes: figures, measures, the scenario
OF_A_PLACE = 10  # a month
AS_CSV = 4  # times as much for tables as CSV too
OF_A_RUN = 200  # of a study


def bytes_of_run(places: int, months: int, *, csv: bool) -> float:
    """What a run's folder takes at least."""
    return OF_ANY + OF_A_PLACE * places * months * (AS_CSV + 1 if csv else 1)


def check_room(folder: Path, needed: float) -> None:
    """Errors: OutputError if the disk of `folder`, which need not be there yet, has less room than `needed` bytes."""
    try:
        free = shutil.disk_usage(existing_parent(folder)).free
    except OSError:
        return  # some file systems do not tell
    if free < needed:
        raise OutputError(
            f"{folder} needs {max(1, round(needed / 1e6)):,} MB or more, and its disk has {free / 1e6:,.0f} MB left: "
            "make room, or choose another place"
        )
