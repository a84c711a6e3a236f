"""Garbage is looked for less often while one run is made, and as before after it."""

from __future__ import annotations

import gc

import pytest

from local_citizenship.app.cli import relaxed_gc


@relaxed_gc()
def fail_seldom(seen: list[int]) -> None:
    seen.append(gc.get_threshold()[0])
    raise ValueError("on purpose")


def test_the_old_habit_comes_back_even_after_a_mistake() -> None:
    before, seen = gc.get_threshold(), list[int]()
    for _ in range(2):
        with pytest.raises(ValueError, match="on purpose"):
            fail_seldom(seen)
        assert gc.get_threshold() == before
    assert min(seen) > before[0]
