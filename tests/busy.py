"""A small, crowded country, in which all rules have something to do within a year and a half."""

from __future__ import annotations

from small import FLOWS, small_places, small_run

from local_citizenship.model import LocalCitizenship

BUSY = {
    "doors": {door: {"initial": v["initial"] * 0.4, "moving": 0.04} for door, v in FLOWS["doors"].items()},
    "needs.*.rate": 0.3,
    "ngos": {"initial": 10, "cases_per_staff": 1.0, "founding": 0.01},
    "awareness": {"outreach": 0.06, "ngo_outreach": 0.06},
    "claiming": {"join": 0.05, "join_at_work": 1.0, "join_for_child": 1.0, "insure": 0.043},
    "status": {"permanent_after": 12, "permanent_rate": 0.05, "marriage": 0.01, "naturalise_apply": 0.02},
    "labour": {"adjusts": 2.0, "layoffs": 2.0, "rehiring": 0.3, "homewards": 0.2, "elsewhere": 0.3},
    "doors.*.family_joins": 0.02,
    "settling": {"homeward": 1.0, "round": 3},
    "city": {"pace": 0.9, "pioneers": 1.0, "incidents": 0.5},
    "services.*.threshold": 0.3,
    "stories.share": 1.0,
}
CHANGES = [(5, "enforcement.halve_in", 2.0), (6, "labour.demand", 0.3), (7, "doors.student.arrivals", 9.0),
           (11, "labour.demand", 1.0)]  # fmt: skip


BUSY_COUNTRY = {"changes": CHANGES, "places": small_places(6, 2)}


def busy(months: int = 17, **how) -> LocalCitizenship:
    return small_run(BUSY, months=months, **BUSY_COUNTRY, **how)
