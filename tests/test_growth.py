"""docs/growth.md is what the measured table makes of it; and what is read off such a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scripts import script

growth = script("docs/make/growth.py")


def test_the_page_is_what_its_table_makes_of_it() -> None:
    """If this fails: `python docs/make/growth.py`."""
    assert growth.document(pd.read_csv(growth.MEASURED)) == growth.DOCUMENT.read_text(encoding="utf-8")
    assert growth.FIGURE.is_file()


def test_the_power_of_growth_is_that_of_the_last_step() -> None:
    x = pd.Series([1.0, 10.0, 100.0, 1000.0])
    assert growth.power(x, 3.0 * x) == pytest.approx(1.0)
    assert growth.power(x, 0.0 * x + 5.0) == pytest.approx(0.0, abs=1e-9)
    assert growth.power(x, pd.Series([7.0, 1.0, 9.0, 90.0])) == pytest.approx(1.0)
    assert growth.power(x.iloc[1:], x.iloc[1:] ** 2) == pytest.approx(2.0)


def test_what_a_machine_holds_follows_from_what_a_further_migrant_takes() -> None:
    """Of 100 bytes a migrant and 1 GB that every run takes: of 16 GB, 80% leave 11.8 GB."""
    migrants = np.array([1e6, 1e7, 1e8])
    table = pd.DataFrame(
        {
            "municipalities": 2_000, "migrants": migrants, "months": 12, "migrant_months": 12 * migrants,
            "model_seconds": 12 * migrants / 1e7, "peak_mb": 1_000.0 + 100.0 * migrants / 1e6,
        }
    )  # fmt: skip
    rate, machines = growth.limits(table)
    assert (growth.further(growth.SWEEPS[0], table), rate) == pytest.approx((100.0, 10.0))
    assert "| 16 GB | 118 million | 2.4 minutes |" in machines
    assert growth.limits(table.iloc[1:]) == (rate, machines)
