"""docs/scale.md has the figures of docs/scale.csv, and the benchmark that takes them measures a whole command."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent.parent / "docs" / "make"))

import scale


def test_the_table_is_that_of_the_figures() -> None:
    """Run python docs/make/scale.py if not."""
    text = scale.PAGE.read_text(encoding="utf-8")
    assert scale.filled(text) == text
    assert text.count("\n| ") == len(scale.figures()) + 2


@pytest.mark.parametrize(
    ("number", "told"), [(12, "12"), (2_000, "2 k"), (200_000, "200 k"), (2e6, "2 M"), (1e8, "100 M")]
)
def test_large_numbers_are_told_shortly(number: float, told: str) -> None:
    assert scale.short(number) == told


def test_each_panel_has_a_row_of_cases() -> None:
    """One thing grows, and the others stay."""
    found = scale.figures()
    for what, _, fixed in scale.PANELS:
        some = found
        for name, held in fixed.items():
            some = some[some[name] == held]
        assert some[what].nunique() >= 3, what
