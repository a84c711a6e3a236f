"""The soak of a class, in small: everything a student can do is done, and nothing goes wrong."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from classroom import listening, room
from scripts import benchmark_module

from local_citizenship.app.classroom.visitors import Visitors

soaking = benchmark_module("soak")


def test_students_come_and_go_and_nothing_goes_wrong() -> None:
    of = room(class_mode=True, visitors=Visitors(code="K7QX2M"))
    with listening(of) as address:
        port, teacher = int(address.rsplit(":", 1)[1]), f"/teacher/{of.visitors.teacher_key}"
        server = soaking.ClassServer(port, teacher, "K7QX2M", os.getpid())
        for minutes in (0.1, 0.5, 2.0, 10.0):  # on a busy machine few have answered at first
            found = asyncio.run(soaking.soak(server, minutes, 12, worlds=1, lives=1, every=0.5))
            assert found.wrong == []
            if found.done.get("answered", 0) >= 6:
                break
    assert found.done["joined"] >= 12
    assert found.done["answered"] >= 6
    assert found.memory[-1][1] > 0.0


def test_what_was_measured_is_reported_whatever_went_wrong(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    """One waits too long, one stumbles, and the server complains and does not end: all that is told, after the rest."""

    @contextlib.contextmanager
    def complaining(_: str) -> Iterator[Any]:
        yield (server := soaking.ClassServer(9, "/teacher", "K7QX2M", os.getpid()))
        stubborn = (
            "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=True); time.sleep(600)"
        )
        with subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            process.stdout.readline()
            server.complaints.extend(benchmark_module("class_server").ended(process, 0.1))

    async def stumbles(*_: object) -> None:
        raise KeyError("assignment")

    async def waits_too_long(browser: Any, *_: object) -> None:
        browser._found.waits["student's news"] = [299.0]
        browser._found.wrong.append("/api/class/state: ReadTimeout")

    async def refused(*_: object, **__: object) -> None:
        raise httpx.ReadTimeout("")

    monkeypatch.setattr(soaking, "class_server", complaining)
    monkeypatch.setattr(soaking, "teach", stumbles)
    monkeypatch.setattr(soaking, "take_part", waits_too_long)
    monkeypatch.setattr(httpx.AsyncClient, "request", refused)
    monkeypatch.setattr(httpx.AsyncClient, "send", refused)
    monkeypatch.setattr(sys, "argv", ["soak", "--minutes", "0.03", "--students", "2"])
    soaking.main()
    lines = capsys.readouterr().out.splitlines()
    told = {part: next(line for line in lines if part in line) for part in ("news", "wrong", "complaints")}
    assert re.search(r"299 s .* missed", told["news"])
    assert "missed" in told["wrong"]
    assert "missed" in told["complaints"]
    assert lines[-1] == "it did not end within 0.1 seconds"


def test_growth_is_a_slope_after_the_warm_up() -> None:
    warming = [(float(second), 100.0 + second) for second in range(20)]
    flat = [(float(second), 120.0) for second in range(20, 101)]
    assert soaking.growth(warming + flat) == pytest.approx(0.0, abs=1e-6)
    climbing = [(float(second), 100.0 * (1 + 0.05 * second / 3_600)) for second in range(101)]
    assert soaking.growth(climbing) == pytest.approx(5.0, rel=1e-2)
    assert np.isnan(soaking.growth(climbing[:1]))
    assert np.isnan(soaking.growth([]))
