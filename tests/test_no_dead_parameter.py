"""No dead parameter: every info of the schema, moved within its range, changes a run.

One small country in which everything happens (`EVERYTHING`) is run once, then once more for each parameter
with that parameter alone moved; some table of the ledger must differ. What acts on too few there is tried in
a country where it acts on more (`CONDITIONAL`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import small
from small import Settings, merged, small_places, small_run

from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios.catalogue import DOORS, NEEDS, NGO_KINDS, SERVICES
from local_citizenship.scenarios.idle import GATES, Gate
from local_citizenship.scenarios.schema import ParameterInfo, Parameters, iter_parameters

TOWNS, REGIONS = 30, 4
MONTHS = 30  # three yearly decisions

# Every door open both ways, every need frequent, every service within reach and none free of charge, NGOs
# short of room, money and staff, a national policy of every kind.
# Few values are realistic; none is switched off.
EVERYTHING: Settings = {
    "scale.persons_per_record": 10,
    "doors": {
        name: {"initial": 1800.0, "initial_years": 3.0, "arrivals": 60.0, "permit": 12, "renewal": 0.7, "overstay": 0.4,
               "outside_activity": 0.01, "runaway": 0.005, "settlers": 0.3, "settling": 1.5, "target_years": 2.0,
               "family": 0.3, "family_joins": 0.01, "language": 0.2, "urban": 0.3 + 0.1 * (number % 5),
               "moving": 0.02, "leaving": 0.006, "visibility": 0.3, "work_risk": 1.0, "abuse_risk": 1.0,
               "housing_risk": 1.0}
        for number, name in enumerate(DOORS)
    },
    "labour": {"demand": 0.6, "embeddedness": 0.5},
    "trades.*.jobs": 5000.0,
    "status": {"permanent_after": 24, "permanent_married": 18, "permanent_rate": 0.03, "marriage": 0.005,
               "special_permission": 0.5, "naturalise_after": 24, "naturalise_apply": 0.01, "amnesty": 0.05,
               "amnesty_after": 6, "regularised_renewal": 0.4},
    "enforcement": {"apprehension": 0.02, "halve_in": 6.0, "release": 0.4, "duty_to_report": 0.4},
    "fear": {"weight": 2.0, "local": 0.5, "ngos": 0.4},
    "policy": {"declared": 0.1, "guidance": 0.2, "standard": 0.5, "fund": 100.0, "programme": 0.3,
               "relief_hospitals": 0.3, "relief_teachers": 0.3, "teachers_from": 40.0, "project": 200.0, "levy": 0.2},
    "services": {
        name: {"threshold": 0.1 + 0.04 * number, "fixed": 2.0, "per_head": 5.0, "fit": 0.7, "open_to_unauthorised": 0.4}
        for number, name in enumerate(SERVICES)
    },
    "city": {"slope": 1.0, "budget": 3000.0, "firewall": 0.4, "regionalism": 0.2, "will": 0.4, "pace": 0.8,
             "incidents": 0.3, "advocacy": 0.3, "conflict": 0.3, "duties": 0.2},
    "ngos": {"initial": 36, "founding": 0.002, "staff_cost": 12.0, "cases_per_staff": 10.0, "grant": 0.1,
             "foundation_luck": 0.8, "burnout": 0.1, "branches": 0.4, "telephone": 0.3, "hotline": 0.03, "network": 0.2,
             "referral": 0.5, "membership": 0.9, "dropping_out": 0.03},
    "ngo_kinds": {
        name: {"founding": 1.0, "income": 8.0, "fee": 5.0, "skill": 0.5, "legal_clients": 0.5} for name in NGO_KINDS
    },
    "voice": {"surveys": 0.5, "opening": 0.2, "cases": 0.5, "state": 0.0005, "mobilise": 0.5},
    "needs": {
        name: {"rate": 0.15, "unauthorised": 1.5, "patience": 3, "necessity": 0.6, "right": "legal",
               "state_delivery": 0.3, "recurrence": 0.3, "debt": 3, "job_loss": 0.2, "departure": 0.1, "harm": 0.3}
        for name in NEEDS
    },
    "awareness": {"outreach": 0.04, "peers": 0.03, "ngo_outreach": 0.05, "kept_on_moving": 0.3},
    "belonging.growth": 0.04,
    "claiming": {"join": 0.05, "join_at_work": 0.4, "lapse": 0.02},
    "settling": {"drift": 0.005, "homeward": 1.0, "round": 12},
    "moving": {"services": 1.0, "entitlements_kept": 0.3},
    "language.barrier": 0.7,
    "stories.share": 0.1,
}  # fmt: skip
PLACES = small_places(TOWNS, REGIONS, seed=30, usual_population=9.0)

# Where the farther end of the range would drown the small country, or leave what is asked for.
ELSEWHERE: Settings = {
    "scale.persons_per_record": 2,
    "scale.share": 0.5,
    "ngos.initial": 15,
    "ngos.founding": 0.0,
    "status.amnesty": 0.0,
    "status.married_permit": 1,  # longer ones outlast the run
    "policy.fund": 0.0,
    "policy.teachers_from": 2_000.0,
    "stories.share": 0.0,
    "doors.spouse.renewal": 1.0,  # which is refused to few of them in any case
    **{f"doors.{door}.abuse_risk": 4.0 for door in DOORS},  # more, and the chances of a month exceed 1
    **{"needs.abuse.rate": 0.0, "status.abuse_at_home": 0.0, "public.prejudice": 0.0},  # the same
    **{f"doors.{door}.{name}": 0.0 for door in DOORS for name in ("initial", "arrivals")},
}

# Parameters that act on too few here, and what is set beside them. Whom an NGO serves first matters where
# many queue at one of the kind; members with a new case find room where NGOs are not short of it; interpreters
# matter to those who dare to ask at an open door, debts where money is short, and layoffs where jobs are lost.
CONDITIONAL: dict[str, Settings] = {
    "services.schooling.open_to_unauthorised": {"needs.schooling.rate": 0.6, "voice.opening": 0.0},
    "services.information.open_to_unauthorised": {
        **{f"services.{name}.open_to_unauthorised": 1.0 for name in SERVICES if name != "information"},
        "fear.weight": 0.0,
        "language": {"barrier": 1.0, "learning": 0.0},
        "awareness.search": 1.0,
        "claiming.effort": 1.0,
        "needs.*.rate": 0.3,
        "needs.abuse.rate": 0.0,
    },
    "services.exchange.open_to_unauthorised": {  # or all have opened it; and the project pays, whatever it costs
        "services.exchange.open_to_unauthorised": 0.1, "policy.project": 0.0
    },
    # Of this door the others are married, and live where nationals live.
    **{f"doors.spouse.{name}": {"doors.spouse.spouse": False} for name in ("marrying", "urban")},
    "needs.birth.programme": {"needs.birth.rate": 0.6, "doors.*.family": 0.8},
    "city.incidents": {  # others bring everything up before
        "city": dict.fromkeys(("pioneers", "neighbours", "similar", "rivalry", "advocacy", "norm"), 0.0),
        "policy.guidance": 0.0,
    },
    "labour.layoffs": {
        "labour": {"embeddedness": 0.8, "habit": 0.5, "adjusts": 1.0},
        "trades.*.dependence": 0.8,
        "doors.*.arrivals": 0.0,
    },
    # Or there is one of the kind near by.
    "ngos.branches": {"ngos": {"initial": 8, "reach": 1.0, "founding": 0.0, "staff_cost": 1.0}},
    **{f"ngos.{name}": {"ngos.founding": 0.05} for name in ("founders", "founders_immigrant", "at_seat")},
    "ngos.referral_reach": {  # all lie far apart, and room must differ
        "ngos": {"initial": 60, "referral": 1.0, "cases_per_staff": 25.0, "referral_reach": 400.0}
    },
    "voice.agenda": {  # where what is asked for most is demanded by law, it comes anyway
        **{f"needs.{name}.rate": 0.0 for name in ("illness", "birth", "schooling", "papers")},
        "voice.fit_unheard": 0.3,
        "city.pace": 0.3,
    },
    "voice.seats": {
        "services.council.threshold": 0.0, "doors.*.settlers": 0.9, "voice": {"fit_unheard": 0.0, "council": 1.0}
    },
    # A wrong must have been forgotten within the run, and clients be many, settled and wronged to have a say.
    "ngos.grievance": {"ngos": {"grievance": 0.0, "victims_first": 5.0}, "needs.wages.rate": 0.4},
    "ngos.say": {
        "ngos": {"cases_per_staff": 200.0, "staff_cost": 2.0}, "voice.mobilise": 1.0, "doors.*.settlers": 0.9
    },
    # There must be more than was usual before.
    **{f"public.{name}": {"enforcement.halve_in": 1.0, "public.raids": 5.0} for name in ("alarm", "habit")},
    # A dated plan goes before what concern asks for, and concern must come within the run.
    **{
        f"enforcement.{name}": {
            "enforcement": {"halve_in": 0.0, "borne": 0.3 if name in ("given_up", "at_least") else 0.05,
                            "patience": 0.05, **more},
            "public": {"alarm": 1.0, "raids": 5.0, "memory": 2.0, "media": 5.0, "concerned_half": 0.001,
                       "weary": 1.0 if name in ("given_up", "at_least") else 60.0},
        }
        for name, more in {
            "borne": {}, "patience": {}, "answers_in": {}, "given_up": {}, "at_least": {}, "purse": {"purse": 0.05},
            "ebb": {"ebb": 4.0, "patience": 0.2},
        }.items()
    },
    "fear.trust_lost": {  # firewalls go with the will, where no NGO holds them
        "voice.lapse": 1.0,
        "city": {"elections": 1.0, "will": 2.0, "own_will": 0.0},
        "ngos": {"initial": 0, "founding": 0.0},
    },
    # Staff must be more than the least there is.
    **{f"ngos.{name}": {"ngos.staff_cost": 1.0} for name in ("adjustment", "reserve")},
    "voice.setback": {"voice.cases": 2.0, "ngos.staff_cost": 1.0},
    "ngos.debt": {"ngos": {"foundation_luck": 1.0, "grant": 0.0, "burnout": 0.0}},
    "ngos.member_skill": {"ngos": {"cases_per_staff": 200.0, "membership": 1.0, "dropping_out": 0.0}},
    **{
        f"ngo_kinds.{kind}.legal_clients": {
            "ngo_kinds.*.founding": 0.1, f"ngo_kinds.{kind}.founding": 5.0, "ngos.cases_per_staff": 2.0
        }
        for kind in NGO_KINDS
    },
}  # fmt: skip


def parameters_with(settings: Settings) -> Parameters:
    """The schema's defaults, `EVERYTHING`, and `settings`, later ones over earlier ones."""
    return small.parameters_with(EVERYTHING, settings)


def run(settings: Settings, months: int) -> LocalCitizenship:
    """The small country with these settings, to the end."""
    return small_run(EVERYTHING, settings, months=months, seed=3, places=PLACES)


def digests(model: LocalCitizenship) -> Iterator[tuple[str, str]]:
    """Name and digest of each table, made one by one: most comparisons end with the first."""
    yield "monthly", digest(model.ledger.monthly())
    for name, table in model.ledger.tables().items():
        if name not in ("monthly", "places"):
            yield name, digest(table)


def digest(table: pd.DataFrame) -> str:
    """A hash of all cells of a table."""
    found = hashlib.sha256(f"{table.shape}".encode())
    for name in table:
        column = table[name]
        values = column.cat.codes if isinstance(column.dtype, pd.CategoricalDtype) else column
        found.update(str(name).encode() + np.ascontiguousarray(values).tobytes())
    return found.hexdigest()


@cache
def before(months: int, path: str = "") -> dict[str, str]:
    """Digests of the country as it is; of the one set up for a conditional parameter, if `path` is given."""
    return dict(digests(run(CONDITIONAL[path] if path else {}, months)))


def moved(info: ParameterInfo) -> Any:
    """Another value: the other of two, a rung without the right, the farther end of the range."""
    if info.path in ELSEWHERE:
        return ELSEWHERE[info.path]
    if info.type is bool:
        return not info.default
    if info.choices is not None:
        return info.choices[0] if info.default != info.choices[0] else info.choices[-1]
    assert info.low is not None
    assert info.high is not None
    if info.high > 400.0:
        return info.type(info.default / 2)
    far = info.high if info.high - info.default > info.default - info.low else info.low
    return info.type(far)


LEAVES = {i.path: i for i in iter_parameters(parameters_with({})) if i.in_world and not i.trait}


@pytest.mark.parametrize("path", sorted(LEAVES))
def test_moving_a_parameter_changes_the_run(path: str) -> None:
    """Same people, same luck, one parameter moved: some table of the ledger differs."""
    info = LEAVES[path]
    conditional = CONDITIONAL.get(path, {})
    if conditional:
        info = {each.path: each for each in iter_parameters(parameters_with(conditional))}[path]
    value = moved(info)
    assert value != info.default
    unmoved = before(MONTHS, path if conditional else "")
    changed = digests(run(merged(conditional, {path: value}), MONTHS))
    assert any(found != unmoved[name] for name, found in changed), f"{path}: {info.default} -> {value}"


@pytest.mark.parametrize("gate", GATES, ids=lambda gate: "-".join(gate.keys))
def test_behind_a_shut_gate_nothing_that_is_moved_changes_the_run(gate: Gate) -> None:
    """What `check` says can do nothing: all of it is moved at once, and no table differs."""
    behind = {
        path: moved(info)
        for path, info in LEAVES.items()
        if path not in gate.keys
        and any(fnmatchcase(path, each) for each in gate.behind)
        and not any(fnmatchcase(path, each) for each in gate.others)
    }
    assert behind
    shut = dict(digests(run(gate.keys, MONTHS)))
    assert dict(digests(run(merged(gate.keys, behind), MONTHS))) == shut


def test_nothing_moved_nothing_changes() -> None:
    """The comparison itself: the same country once more has the same digests."""
    assert dict(digests(run({}, MONTHS))) == before(MONTHS)


def test_exceptions_name_parameters() -> None:
    """An exception for a parameter that is no more would hide the next of that name."""
    assert {*ELSEWHERE, *CONDITIONAL} <= set(LEAVES)
