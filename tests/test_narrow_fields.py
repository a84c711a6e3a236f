"""What a migrant's record takes, and that no number in it runs over."""

from __future__ import annotations

import numpy as np
from busy import busy
from single import ALL_SERVICES
from small import small_places, small_scenario

from local_citizenship.agents import needs, settling
from local_citizenship.agents.services import BY_EMPLOYER, RIGHTS
from local_citizenship.model import LocalCitizenship
from local_citizenship.model.layout import SHIPPED_LAYOUT


def test_a_migrant_takes_no_more_than_a_cache_line_and_a_half():
    assert SHIPPED_LAYOUT.migrant.itemsize <= 96


def test_narrow_fields_hold_what_the_longest_run_puts_in():
    """No narrow number wraps: dates of the longest run and stay, all services, all kinds, all counters."""
    layout, longest = SHIPPED_LAYOUT.migrant, 12 * 100
    for name in (
        "belonging_at",
        "arrived",
        "permit_until",
        "legal_since",
        "target",
        "need_since",
        "first_born",
        "owes_until",
    ):
        assert np.iinfo(layout[name]).max > settling.NEVER_DUE > longest
        assert np.iinfo(layout[name]).min < -360
    most = {
        "knows": ALL_SERVICES | RIGHTS,
        "enrolled": ALL_SERVICES | BY_EMPLOYER,
        "knows_ngo": 127,
        "home": 65_535,
    }
    for name, value in most.items():
        assert np.iinfo(layout[name]).max >= value, name
    records = busy().migrants.records
    for name, limit in (("claims", 250), ("harm", needs.MOST_HARM), ("belonging", 1.0)):
        assert records[name].max() <= limit
    assert records["belonging"].min() >= 0.0


def test_counters_stop_at_their_limit_in_whole_runs():
    """Claims and harm at the brink of their fields do not wrap round to nothing."""
    harmful = {f"needs.{need}": {"rate": 0.6, "harm": 1.0} for need in ("illness", "wages", "dispute")}
    model = LocalCitizenship(small_scenario(harmful, months=8, places=small_places(level=1.0)))
    model.step()
    present = model.migrants.rows
    model.state.migrants["claims"][present] = 249
    known = set(model.migrants.get("identity").tolist())
    model.run()
    records = model.migrants.records
    before = np.isin(records["identity"], list(known))
    assert before.sum() > 500
    assert set(records["claims"][before]) == {249, 250}
    assert records["harm"].max() == needs.MOST_HARM
