"""Shared by all tests."""

from __future__ import annotations

import matplotlib as mpl
from hypothesis import HealthCheck, settings

mpl.use("Agg")  # no test opens a window
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # the machine may be busy
