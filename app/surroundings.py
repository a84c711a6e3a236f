"""Environment variables for the command and for every process that it starts."""

from __future__ import annotations

import os
from datetime import MAXYEAR, UTC, datetime

_LAST_DATE = int(datetime(MAXYEAR, 12, 31, tzinfo=UTC).timestamp())


def settle_surroundings() -> None:
    """Figures go into files and look as ours do, whatever is named in `MATPLOTLIBRC`, which may be a pipe; a date of
    building that is none is taken away.

    NumPy and Matplotlib read that date (`SOURCE_DATE_EPOCH`, seconds since 1970) when they are loaded or draw, and
    can't go on without a number.
    """
    os.environ["MPLBACKEND"] = "agg"
    os.environ.pop("MATPLOTLIBRC", None)
    date = os.environ.get("SOURCE_DATE_EPOCH", "0")
    if not (date.isascii() and date.isdecimal() and len(date) < 20 and int(date) <= _LAST_DATE):
        del os.environ["SOURCE_DATE_EPOCH"]
