"""What goes wrong in the middle of a month, or stops it, is heard of, and nothing untrue is told afterwards."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import time

import pytest
from small import FLOWS, small_scenario

from local_citizenship.model import LocalCitizenship, simulation, state
from local_citizenship.model.simulation import Simulation


def test_what_goes_wrong_in_a_thread_is_heard_of(monkeypatch):
    monkeypatch.setattr(state, "CHUNK", 100)
    model = LocalCitizenship(small_scenario(FLOWS, months=2), threads=2)
    model.step()
    at_work = []

    def fails_at_300(first, last, counters):
        at_work.append(first)
        time.sleep(0.0 if first == 300 else 0.05)
        at_work.remove(first)
        return 1 // (first - 300)

    with pytest.raises(ZeroDivisionError):
        model.state.pass_chunks(1000, fails_at_300)
    assert at_work == []  # no thread goes on behind the back of whoever knows
    model.run()
    assert model.month == 2
    assert pickle.loads(pickle.dumps(model.state)).month == 2  # threads and all


@pytest.mark.parametrize("what", ["begin", "pass_month"])
def test_a_run_that_was_interrupted_half_way_does_not_go_on(monkeypatch, what):
    """Ctrl-C within the start or a month leaves a country that is half made."""
    model = Simulation(small_scenario(FLOWS, months=2))

    def interrupted(state):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(simulation, what, interrupted)
        with pytest.raises(KeyboardInterrupt):
            model.step()
    with pytest.raises(RuntimeError, match="interrupted within 1990-01 and can't go on"):
        model.step()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
def test_a_process_that_is_forked_off_has_threads_of_its_own(monkeypatch):
    monkeypatch.setattr(state, "CHUNK", 100)
    model = Simulation(small_scenario(FLOWS, months=3), threads=2)
    model.step()
    child = multiprocessing.get_context("fork").Process(target=model.step)
    child.start()
    child.join(300)
    assert child.exitcode == 0
