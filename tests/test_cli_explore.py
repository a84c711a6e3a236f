"""The command `explore`: what it says, what it refuses, and that it leaves nothing behind."""

from __future__ import annotations

import builtins
import os
import socket
import subprocess
import sys

import httpx
import pytest
from command_line import worked

from local_citizenship.app.classroom.classroom import CLASS_LIMITS, open_classroom
from local_citizenship.app.classroom.guard import is_loopback
from local_citizenship.app.classroom.worker import Limits
from local_citizenship.app.explore_command import _listening, as_bound, join_address
from local_citizenship.outcomes.interruption import STOPPING


def told(*arguments: str) -> str:
    result = worked("explore", "--no-browser", *arguments, code=2)
    assert "Traceback" not in result.output
    return result.output


def test_mistakes_end_in_a_sentence() -> None:
    assert "did you mean 'two-towns'" in told("two-town")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"port {port}, can't be listened at" in told("two-towns", "--port", port)
    assert "can't be listened at" in told("--host", "no such host")
    assert "--host is empty: give 127.0.0.1" in told("--host", "")


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: object, **more: object) -> object:
        if name == "starlette":
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", missing)
    output = told()
    assert "python3 start.py explore" in output
    assert 'pip install "local-citizenship[classroom]"' in output.replace("\n", " ")


def test_open_to_others_it_has_a_code_and_the_limits_of_a_class(tmp_path) -> None:
    alone, shared = open_classroom("two-towns"), open_classroom("two-towns", host="0.0.0.0")
    assert (alone.visitors.code, alone.limits) == (None, Limits())
    assert shared.visitors.code is not None
    assert len(shared.visitors.code) == 6
    assert shared.limits == CLASS_LIMITS
    assert open_classroom("two-towns", class_mode=True).limits == CLASS_LIMITS
    for name, own in (("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False)):
        assert is_loopback(name) is own, name
    assert not is_loopback("school.example")
    assert join_address("192.0.2.7", 80) == "http://192.0.2.7:80"
    for host, bound in (("0", "0.0.0.0"), ("127.0.0.1", "127.0.0.1"), ("localhost", "localhost")):
        with _listening(host, 0) as (listener, _):
            assert as_bound(host, listener) == bound
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: two-towns\ntitle: Mine\n", encoding="utf-8")
    own = open_classroom(str(mine), seed=7)
    assert (own.first, own.first_seed, own.scenarios["mine"]) == ("mine", 7, str(mine))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to another process")
@pytest.mark.parametrize("number", STOPPING)
def test_it_answers_and_stops_on_ctrl_c_and_its_like(number: int) -> None:
    command = [sys.executable, "-P", "-m", "local_citizenship.app", "explore", "--no-browser", "--port", "0"]
    patient = httpx.HTTPTransport(retries=10)  # of connecting, each time twice as long after the last
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        address = process.stdout.readline().split()[-1]
        with httpx.Client(transport=patient, timeout=300) as browser:
            response = browser.post(f"{address}api/run", json={"scenario": "two-towns", "months": 6})
        assert response.status_code == 200
        process.send_signal(number)
        rest, errors = process.communicate(timeout=300)
    assert process.returncode == 0
    assert rest.splitlines()[-1] == "Stopped."
    assert errors == ""
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)
