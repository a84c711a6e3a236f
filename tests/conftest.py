"""Shared by all tests."""

from __future__ import annotations

import signal

import matplotlib as mpl
from hypothesis import HealthCheck, settings

mpl.use("Agg")  # no test opens a window
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # the machine may be busy
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # begun in the background, where Ctrl-C is not heard
    signal.signal(signal.SIGINT, signal.default_int_handler)
