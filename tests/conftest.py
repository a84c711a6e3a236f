"""Shared by all tests."""

from __future__ import annotations

import signal
from pathlib import Path

import matplotlib as mpl
import pytest
from hypothesis import HealthCheck, settings

mpl.use("Agg")  # no test opens a window
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # the machine may be busy
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background, where Ctrl-C is not heard
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def unafraid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario file: two towns in which nobody fears."""
    file = tmp_path_factory.mktemp("scenarios") / "unafraid.yaml"
    file.write_text("extends: two-towns\ntitle: Without fear\nfear: {weight: 0}\n")
    return file
