"""The notebook widget: its messages, without a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local_citizenship.app.classroom import widget
from local_citizenship.app.classroom.payload import world_of
from local_citizenship.app.classroom.payload_bytes import from_bytes
from local_citizenship.outcomes.simulate import simulate
from local_citizenship.scenarios import ScenarioError

SMALL = {"scenario": "two-towns", "months": 24, "seed": "3"}


@pytest.fixture(autouse=True)
def _a_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Any page will do: what is asked is what the kernel answers."""
    (tmp_path / "widget.js").write_text("export default { render() {} };", encoding="utf-8")
    monkeypatch.setattr(widget, "PAGE", tmp_path)


class Kernel:
    """Both ends of a widget's messages."""

    def __init__(self) -> None:
        self.widget = widget.Explorer("two-towns")
        self.heard: list[tuple[dict, list]] = []
        self.widget.send = lambda content, buffers=None: self.heard.append((content, buffers or []))
        self.calls = 0

    def ask(self, verb: str, *arguments: object) -> int:
        self.calls += 1
        self.widget._handle_custom_msg({"call": self.calls, "verb": verb, "arguments": list(arguments)}, [])
        return self.calls

    def answer(self, call: int, seconds: float = 300.0) -> tuple[dict, list]:
        """What is answered at last."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for content, buffers in self.heard:
                if content.get("call") == call and "progress" not in content:
                    return content, buffers
            time.sleep(0.005)
        raise AssertionError(f"no answer to call {call}")

    def result(self, verb: str, *arguments: object) -> object:
        content, _ = self.answer(self.ask(verb, *arguments))
        assert "error" not in content, content
        return content["result"]


@pytest.fixture
def kernel() -> Iterator[Kernel]:
    made = Kernel()
    yield made
    made.widget.close()


def test_a_run_and_all_that_is_told_of_it(kernel: Kernel) -> None:
    content, buffers = kernel.answer(kernel.ask("run", {**SMALL, "sets": {"awareness.search": 0}}))
    assert content == {"call": 1, "result": None}
    run_here = simulate("two-towns", sets=["awareness.search=0"], seed=3, months=24)
    assert buffers[0] == world_of(run_here)
    header, _ = from_bytes(buffers[0])
    assert kernel.result("places", header["places_id"])["name"] == ["Kawasaki-like", "Kawaguchi-like"]
    lives = kernel.result("lives", header["id"])["lives"]
    life = kernel.result("life", header["id"], lives[5]["migrant"], None)
    assert life["summary"].startswith("In all: ")
    assert kernel.result("csv", header["id"]).startswith("year,id,measure")
    _, other = kernel.answer(kernel.ask("run", SMALL))
    against = from_bytes(other[0])[0]["id"]
    busy = sorted(lives, key=lambda one: one["needs"])

    def parting_of(one: dict) -> dict | None:
        return kernel.result("life", header["id"], one["migrant"], against)["parting"]

    assert parting_of(busy[0]) is None  # a life without needs is the same in both
    parting = next(filter(None, map(parting_of, reversed(busy))))
    assert parting["text"].startswith("Until ")
    assert 0 <= parting["month"] < 24


def test_scenarios_and_sliders(kernel: Kernel) -> None:
    found = kernel.result("scenarios")
    assert found["first"] == "two-towns"
    assert {"japan-sample", "two-towns"} <= {one["name"] for one in found["scenarios"]}
    assert kernel.result("scenario", "two-towns")["settings"]["months"]["value"] == 240
    assert kernel.result("scenarioFile", SMALL).splitlines()[1] == "extends: two-towns"


@pytest.mark.parametrize(
    ("verb", "arguments", "words"),
    [
        ("run", [{"scenario": "two-town"}], "there is no scenario"),
        ("run", [{**SMALL, "sets": {"fear.weight": 99}}], "fear.weight is 99"),
        ("run", ["x"], "asked for by an object"),
        ("lives", ["nothing"], "no such world"),
        ("shout", [], "no verb 'shout'"),
        ("__class__", [], "no verb"),
    ],
)
def test_mistakes_are_told_in_a_sentence(kernel: Kernel, verb: str, arguments: list, words: str) -> None:
    content, _ = kernel.answer(kernel.ask(verb, *arguments))
    assert words in f"{content['error']} {content['hint']}"
    assert kernel.answer(kernel.ask("run", SMALL))[1]  # and it goes on


def test_a_newer_run_and_a_cancelled_one_stop_the_older(kernel: Kernel) -> None:
    long = {"scenario": "japan-sample", "lane": "a"}
    first = kernel.ask("run", long)
    kernel.widget._handle_custom_msg({"cancel": first}, [])
    assert "stopped" in kernel.answer(first)[0]["error"]
    second, third = kernel.ask("run", long), kernel.ask("run", {**SMALL, "lane": "a"})
    assert "stopped" in kernel.answer(second)[0]["error"]
    assert kernel.answer(third)[1]


def test_what_is_no_message_is_passed_over(kernel: Kernel) -> None:
    for odd in ("x", None, {}, {"call": "1"}, {"call": 1, "arguments": 5}):
        kernel.widget._handle_custom_msg(odd, [])
    assert kernel.result("scenario", "two-towns")


def test_a_finished_run_is_shown_without_a_kernel() -> None:
    assert '"worlds"' in widget.show(simulate("two-towns", months=12)).content
    with pytest.raises(ValueError, match="at least one run"):
        widget.show()


def test_a_scenario_that_does_not_exist() -> None:
    with pytest.raises(ScenarioError, match="did you mean 'two-towns'"):
        widget.Explorer("two-town")
