"""Garbage is looked for less often while one run is made, and as before after it."""

from __future__ import annotations

import gc

import pytest

from local_citizenship.app.garbage import seldom_collected


def test_the_old_habit_comes_back_even_after_a_mistake() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="on purpose"), seldom_collected():
        assert gc.get_threshold()[0] > before[0]
        raise ValueError("on purpose")
    assert gc.get_threshold() == before
