"""Formats and sizes in which figures are written; without Matplotlib, for whoever checks what was asked."""

from __future__ import annotations

from typing import NamedTuple

FORMATS = ("png", "svg", "pdf")


class Size(NamedTuple):
    """How large a file is: in centimetres across, and pixels an inch of a PNG file."""

    across: float
    dpi: int


# A slide of 10 by 5.625 inches, with text of 14 points; and the width of a page of A4, with text of 9.4 points.
SIZES = {"slide": Size(25.4, 160), "print": Size(17.0, 300)}
