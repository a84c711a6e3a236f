"""Members' dues pay for medical NGOs and unions, as long as there are members (C10)."""

from __future__ import annotations

import pytest
from small import Settings, small_run

from local_citizenship.model import LocalCitizenship

pytestmark = pytest.mark.mechanism("C10")

# All who are helped join; no NGO comes or goes, and nothing else depends on money.
JOINING: Settings = {
    "ngos": {
        "initial": 40,
        "membership": 1.0,
        "dropping_out": 0.05,
        "founding": 0.0,
        "branches": 0.0,
        "network": 0.0,
        "burnout": 0.0,
        "member_skill": 0.0,
    },
    "ngo_kinds": {"medical": {"founding": 3.0}, "union": {"founding": 3.0}},
    "awareness": {"search": 1.0},
}
WITH_MEMBERS = ("medical", "union")


def funds(model: LocalCitizenship) -> dict[bool, float]:
    """Money in hand at the last accounts: of the kinds that have members (True), and of the others."""
    frame = model.ledger.tables()["ngos"]
    last = frame[frame["year"] == frame["year"].max()]
    member_based = last["kind"].isin(WITH_MEMBERS)
    assert member_based.any()
    assert not member_based.all()
    return {has: float(last.loc[member_based == has, "funds"].sum()) for has in (True, False)}


def run(dues: float, *settings: Settings, months: int = 4) -> LocalCitizenship:
    """To the first accounts, in April; after 16 months, to the second."""
    return small_run(JOINING, {"ngos": {"dues": dues}}, *settings, months=months)


def test_dues_are_income_of_those_who_have_members() -> None:
    """C10: higher dues leave medical NGOs and unions more, and the others, which have no members, the same."""
    none, some, high = (run(dues) for dues in (0.0, 2.0, 20.0))
    assert high.migrants.select(lambda m: m["member"] > 0).get("member").size > 0
    assert funds(none)[True] < funds(some)[True] < funds(high)[True]
    assert funds(none)[False] == funds(some)[False] == funds(high)[False]


def test_nobody_pays_where_nobody_joins() -> None:
    """C10: without members, dues bring in nothing."""
    nobody: Settings = {"ngos": {"membership": 0.0}}
    assert funds(run(0.0, nobody)) == funds(run(20.0, nobody))


def test_dues_end_with_the_dispute() -> None:
    """C10: where members drop out at once, less is paid than where they stay."""
    leave, stay = ({"ngos": {"dropping_out": chance}} for chance in (1.0, 0.0))
    assert funds(run(20.0, leave, months=16))[True] < funds(run(20.0, stay, months=16))[True]
