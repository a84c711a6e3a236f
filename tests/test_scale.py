"""Large countries and long runs: records, identities and the ledger have room for them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from single import plain
from small import small_run

from local_citizenship.agents.migrant import identity_of
from local_citizenship.model.layout import SHIPPED_LAYOUT, layout_of
from local_citizenship.model.ngo_register import identity_of_ngo
from local_citizenship.scenarios.schema import SHIPPED


def test_a_million_places_have_room_in_records_a_little_wider():
    small, large = (layout_of(SHIPPED, places) for places in (65_535, 65_536))
    assert small is SHIPPED_LAYOUT
    assert large.migrant.itemsize == 68
    for kind in (large.migrant["home"], large.municipality["neighbours"].base, large.log["place"].base):
        assert np.iinfo(kind).max > 1_000_000


@given(
    months=st.tuples(st.integers(0, 1_500), st.integers(0, 1_500)),
    doors=st.tuples(st.integers(0, 60), st.integers(0, 60)),
    ordinals=st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)),
)
def test_no_two_newcomers_are_the_same(months, doors, ordinals):
    one, other = zip(months, doors, ordinals, strict=True)
    assert (plain(identity_of)(*one) == plain(identity_of)(*other)) == (one == other)
    assert 0 <= plain(identity_of)(*one) < 2**63


@given(
    months=st.tuples(st.integers(1, 1_500), st.integers(1, 1_500)),
    homes=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)),
    numbers=st.tuples(st.integers(0, 40), st.integers(0, 40)),
)
def test_no_two_ngos_are_the_same(months, homes, numbers):
    one, other = zip(months, homes, numbers, strict=True)
    assert (identity_of_ngo(*one) == identity_of_ngo(*other)) == (one == other)
    assert 1_000_000 < identity_of_ngo(*one) < 2**63  # the first ones are counted from 1


def test_a_run_may_go_on_beyond_its_scenarios_end():
    short = small_run(months=5)
    for _ in range(30):
        short.step()
    assert short.ledger.monthly().equals(small_run(months=35).ledger.monthly())
