"""The soak of a class, in small: everything a student can do is done, and nothing goes wrong."""

from __future__ import annotations

import asyncio
import os

import pytest
from benchmark_modules import benchmark_module
from classroom import listening, room

from local_citizenship.app.classroom.visitors import Visitors

soaking = benchmark_module("soak")


def test_students_come_and_go_and_nothing_goes_wrong() -> None:
    of = room(class_mode=True, visitors=Visitors(code="K7QX2M"))
    with listening(of) as address:
        port, teacher = int(address.rsplit(":", 1)[1]), f"/teacher/{of.visitors.teacher_key}"
        server = soaking.ClassServer(port, teacher, "K7QX2M", os.getpid())
        found = asyncio.run(soaking.soak(server, 0.1, 12, worlds=1, lives=1, every=0.5))
    assert found.wrong == []
    assert found.done["joined"] >= 12
    assert found.done["answered"] >= 6
    assert found.memory[-1][1] > 0.0


def test_growth_is_a_slope_after_the_warm_up() -> None:
    warming = [(float(second), 100.0 + second) for second in range(20)]
    flat = [(float(second), 120.0) for second in range(20, 101)]
    assert soaking.growth(warming + flat) == pytest.approx(0.0, abs=1e-6)
    climbing = [(float(second), 100.0 * (1 + 0.05 * second / 3_600)) for second in range(101)]
    assert soaking.growth(climbing) == pytest.approx(5.0, rel=1e-2)
