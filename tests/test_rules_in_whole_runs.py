"""Each cause in whole runs of the small country: off against on, or less against more, everything else equal.

A case runs the country once for each of its ways, and says how what comes of them compares. What single agents do
is held in the files of the rules; cases that ask for more than a comparison are there as well.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest
from small import Settings, small_places, small_run, total

from local_citizenship.agents.services import OFFERED, RIGHTS
from local_citizenship.model import LocalCitizenship
from local_citizenship.scenarios.catalogue import SERVICES

Outcome = str | Callable[[LocalCitizenship], Any]  # a column of `monthly`, summed, or what else is looked at
Expected = Callable[..., Any] | tuple[Any, ...]  # what holds of the outcomes of all ways, or the very values
PROVIDED = small_places(level=0.8)  # every town starts with the whole bundle
SEARCHING = {"awareness.search": 1.0, "claiming.effort": 1.0, "fear.weight": 0.0}
COPYING = ("neighbours", "similar", "rivalry")
ALONE = {f"city.{pull}": 0.0 for pull in (*COPYING, "shirking")}
CAUSES = (
    "size", "dependence", "prosperity", "history", "internationalisation", "image", "lobbying", "conflict"
)  # fmt: skip
UNAUTHORISED = ("overstayer", "smuggled")


class Case(NamedTuple):
    """Ways to run the country, and how the outcomes of the ways compare."""

    base: Settings
    ways: Sequence[Settings]
    outcomes: Sequence[tuple[Outcome, Expected]]
    how: dict[str, Any]


def case(base: Settings, ways: Sequence[Settings], *outcomes: tuple[Outcome, Expected], **how: Any) -> Case:
    """`how`: months and places, where they are not the usual ones."""
    return Case(base, ways, outcomes, how)


def each(path: str, *values: Any) -> list[Settings]:
    """One way for each value of a parameter."""
    return [{path: value} for value in values]


# What holds ---------------------------------------------------------------------------------------------


def rises(*values: Any) -> bool:
    """From way to way."""
    return all(before < after for before, after in pairwise(values))


def falls(*values: Any) -> bool:
    """From way to way, but not to nothing."""
    return rises(*values[::-1]) and values[-1] > 0


def from_none(*values: Any) -> bool:
    """There is nothing of it the first way, and ever more the others."""
    return values[0] == 0 and rises(*values)


def to_none(*values: Any) -> bool:
    """There is ever less of it, and nothing the last way."""
    return from_none(*values[::-1])


def nowhere_less(off: np.ndarray, on: np.ndarray) -> bool:
    """Of each of many there is as much or more, and of some there is more."""
    return bool((on >= off).all() and on.sum() > off.sum())


# What is looked at --------------------------------------------------------------------------------------


def of_status(column: str, *statuses: str, **where: Any) -> Outcome:
    """A column of `monthly`, summed over some statuses."""
    return lambda model: sum(total(model, column, status=status, **where) for status in statuses)


def share(column: str, of: str, **where: Any) -> Outcome:
    """One column of `monthly` as a share of another."""
    return lambda model: total(model, column, **where) / total(model, of, **where)


def needs_of(*needs: str, status: str | None = None) -> Outcome:
    """How often those needs struck."""

    def counted(model: LocalCitizenship) -> int:
        frame = model.ledger.table("needs")
        frame = frame[frame["need"].isin(needs)]
        return int((frame if status is None else frame[frame["status"] == status])["needs"].sum())

    return counted


def gone(reason: str) -> Outcome:
    """Who left for that reason."""

    def counted(model: LocalCitizenship) -> int:
        frame = model.ledger.table("departures")
        return int(frame[frame["reason"] == reason]["persons"].sum())

    return counted


def towns(column: str) -> Callable[[LocalCitizenship], np.ndarray]:
    """A column of `places_yearly` at the end of the last year, (P,)."""

    def found(model: LocalCitizenship) -> np.ndarray:
        frame = model.ledger.tables()["places_yearly"]
        return frame[frame["year"] == frame["year"].max()][column].to_numpy()

    return found


def mean_level(model: LocalCitizenship) -> float:
    return float(towns("service_level")(model).mean())


def spread(model: LocalCitizenship) -> float:
    return float(towns("service_level")(model).std())


def by_month(column: str) -> Callable[[LocalCitizenship], np.ndarray]:
    """A column of `nation`, (months,)."""
    return lambda model: model.ledger.tables()["nation"][column].to_numpy()


def won_by_and_by(column: str) -> Outcome:
    """What the nation has been won over to at last, from nothing, and never less than before."""

    def found(model: LocalCitizenship) -> float:
        values = by_month(column)(model)
        assert values[0] == 0.0
        assert (np.diff(values) >= 0.0).all()
        return float(values[-1])

    return found


def migrants_with(trait: str) -> Outcome:
    """How many of those who are there have it."""
    return lambda model: int(np.count_nonzero(model.migrants.get(trait)))


def specialised(model: LocalCitizenship) -> float:
    """The share of NGOs that are for one issue or group."""
    return float(np.mean([office.issue >= 0 or office.group >= 0 for office in model.ngos]))


def left_towns(poorer: bool) -> Outcome:
    """Who moved out of the towns that pay less than usual, or out of the others."""

    def counted(model: LocalCitizenship) -> int:
        strength, usual = model.state.cities["fiscal_strength"], model.state.world["usual_wages"][0]
        frame = model.ledger.monthly()
        return int(frame[(strength < usual)[frame["place"]] == poorer]["moved_out"].sum())

    return counted


def by_telephone_alone(model: LocalCitizenship) -> int:
    """Who was helped by telephone in towns without an NGO."""
    frame = model.ledger.monthly()
    without = np.flatnonzero(model.state.cities["ngo_count"] == 0)
    return int(frame[frame["place"].isin(without)]["ngo_phone"].sum())


def spent_beyond_means(model: LocalCitizenship) -> int:
    """How many town halls spent more than they had."""
    return int((towns("spent")(model) > towns("budget")(model) * (1 + 1e-12)).sum())


def between_regions(model: LocalCitizenship) -> float:
    """Standard deviation of motivation between regions."""
    motivation, region = towns("motivation")(model), model.run_scenario.places.region
    return float(np.std([motivation[region == number].mean() for number in range(3)]))


IN_TURN = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))  # neither, the one, the other as well

# The state ----------------------------------------------------------------------------------------------

RIGHTS_OF = [{"needs.*.right": "nobody"}, {}, {"needs.*.right": "anyone", "needs.arrest.right": "citizen"}]
JOBS_INSURE = each("trades.*.insures", 0.0, 1.0)
HARD_CASES = {"policy.programme": 0.0, "trades.*.insures": 0.0}  # the state's other ways of helping
TENSE = {"public": {"hostility": 1.0, "media": 5.0, "exchange": 0.0, "integration": 0.0, "response": 0.0},
         "city": {"pace": 1.0, "revenue_limits": False}, "services.ordinance.threshold": 0.0,
         "needs.housing.rate": 0.15}  # fmt: skip

STATE = {
    "A1 rights: without rights the state serves nobody, and more goes unmet": case(
        HARD_CASES, RIGHTS_OF, ("served_nation", from_none),
        (of_status("served_nation", "overstayer"), lambda none, *_: none == 0),
        ("unmet", lambda none, _, all_: none > all_)),
    "A1 insurance of the job: without services, rights and programme, it is all that serves": case(
        {"needs.*.right": "nobody", "policy.programme": 0.0, "city.pace": 0.0}, JOBS_INSURE,
        ("served_job", from_none), ("insured", lambda off, _: off == 0), ("served_city", (0, 0)),
        (of_status("served_job", "smuggled"), (0, 0)),
        (lambda model: set(model.ledger.table("needs").query("served_job > 0")["need"]),
         (set(), {"illness", "birth"})), places=small_places(level=0.0)),
    "A3 overstaying: nobody is an overstayer where nobody overstays or runs away": case(
        {}, [{"doors.*.overstay": 0.0, "doors.*.runaway": 0.0, "doors.*.initial_years": 0.0}, {}],
        (of_status("stock", "overstayer"), from_none)),
    "A4 enforcement: a crackdown deports more, leaves fewer, and frightens the rest": case(
        {}, [{"enforcement": {"apprehension": 0.0, "duty_to_report": 0.0}}, {}, {"enforcement.halve_in": 2.0}],
        ("deported", from_none), (of_status("stock", "overstayer", month=23), falls),
        (lambda model: by_month("fear")(model)[-1], lambda none, some, much: none == 0 <= some <= much > 0)),
    "A5 declared policy: more services where integration is declared, and the gaps remain": case(
        {"city.revenue_limits": False}, each("policy.declared", 0.0, 0.3), (mean_level, rises),
        (spread, lambda _, declared: declared > 0.0)),
    "A5 guidance: cities that decide each by itself differ the less the more guidance there is": case(
        {**ALONE, "services.*.threshold": 0.5, "city": {"revenue_limits": False, "pace": 1.0, "head_start": 20,
                                                                "slope": 1.0, "adoption": "threshold"}},
        each("policy.guidance", 0.0, 0.5, 0.95), (spread, falls), months=12),
    "A6 programme: without rights the nation serves by it alone, and whom it is open to": case(
        {"needs.*.right": "nobody", "trades.*.insures": 0.0, "policy.programme_fit": 1.0, "policy.one_size": 0.0},
        [{"policy": {"programme": level, "programme_open": open_to}}
         for level, open_to in ((0.0, "anyone"), (1.0, "anyone"), (1.0, "legal"))],
        ("served_nation", lambda off, on, _: off == 0 < on), (share("unmet", "needs"), lambda off, on, _: off > on),
        *((of_status("served_nation", rung), lambda off, on, legal: off == legal == 0 < on) for rung in UNAUTHORISED),
        months=48),  # the smuggled are few
    "A7 relief: where cities are short of money, relief raises levels": case(
        {"city.budget": 60.0},
        [{}, {"policy": {"relief_hospitals": 0.8, "relief_teachers": 0.8, "teachers_from": 0.0}}],
        (mean_level, rises)),
    "A8 families: none comes with a family, and some are joined by one, or nobody is": case(
        {"doors.*.family": 0.0, "status.marriage": 0.0}, each("doors.*.family_joins", 0.0, 0.005, 0.03),
        (migrants_with("family"), from_none)),
    "A9 media: with the news, more are apprehended and cities are more tense than without": case(
        {"public.response": 2.0, "public.alarm": 1.0, "enforcement.halve_in": 10.0}, each("public.media", 0.0, 2.0),
        (by_month("perception"), lambda off, on: (off == 0.0).all() and (on > 0.0).all()),
        (by_month("apprehension"), lambda off, on: (on > off).all()), ("deported", rises),
        (lambda model: model.state.cities["tension"].mean(), rises)),
    "B4 the fund: central money raises levels where revenue limits them": case(
        {"city.budget": 50.0}, each("policy.fund", 0.0, 200.0), (mean_level, rises)),
}  # fmt: skip

# Cities -------------------------------------------------------------------------------------------------

NO_CAUSE = {f"city.{cause}": 0.0 for cause in (*CAUSES, "regionalism", "will")}
CITIES = {
    **{
        f"B3 {cause}: where it alone counts, no city is less motivated and some are more": case(
            {**NO_CAUSE, "doors.*.visibility": 0.5, "ngos.initial": 12, "ngos.burnout": 0.0},
            each(f"city.{cause}", 0.0, 0.5), (towns("motivation"), nowhere_less),
            (towns("motivation"), lambda off, _: (off == 0.0).all()), months=16)
        for cause in CAUSES
    },
    "B1 pace: with pace 0 nothing comes on the agenda, and every level stays where it was": case(
        {"city.revenue_limits": False}, each("city.pace", 0.0, 1.0),
        (lambda model: (model.state.cities["level"] != 0.5).any(), (False, True)), months=6,
        places=small_places(level=0.5)),
    "B2 open to the unauthorised: closed everywhere against open everywhere": case(
        {"fear.weight": 0.0, "voice.opening": 0.0}, each("services.*.open_to_unauthorised", 0.0, 1.0),
        *((of_status("served_city", rung), from_none) for rung in UNAUTHORISED),
        (of_status("served_city", "legal"), lambda closed, _: closed > 0), places=PROVIDED),
    **{
        f"B2 {service}: where it is closed to them, the unauthorised lose claims or their peace": case(
            {"services.*.open_to_unauthorised": 1.0, "voice.opening": 0.0, "fear.weight": 0.0,
             "enforcement.duty_to_report": 0.0, "language": {"barrier": 1.0, "interpreters": 1.0},
             "public": {"ordinance": 1.0, "discrimination": 3.0, "hostility": 1.0, "media": 5.0, "response": 0.0},
             "needs.housing.rate": 0.15},
            each(f"services.{service}.open_to_unauthorised", 0.0, 1.0), outcome, places=PROVIDED)
        for service, outcome in (("information", (share("served_city", "claimed", status="overstayer"), rises)),
                                 ("ordinance", (needs_of("housing", status="overstayer"), falls)))
    },
    "B2 open by default: information and ordinance are wherever they are offered, and only there": case(
        {"services.*.threshold": 0.3, "city.pace": 1.0}, [{}],
        (lambda model: [set(np.flatnonzero(model.state.cities[kept][:, SERVICES.index(service)] > OFFERED))
                        for kept in ("level", "open") for service in ("information", "ordinance")],
         lambda kept: set() not in kept and kept[:2] == kept[2:]), months=16),
    "B4 revenue: what limits cities keeps their spending within it, and their services lower": case(
        {"city.budget": 50.0}, each("city.revenue_limits", True, False), (spent_beyond_means, from_none),
        (mean_level, rises), months=16),
    **{
        f"B5 {pull}: services spread by it alone from towns that act by themselves to others": case(
            {**{f"city.{other}": 0.0 for other in COPYING}, "services.*.threshold": 0.6,
             "city": {"pace": 1.0, "revenue_limits": False, "head_start": 10}},
            each(f"city.{pull}", 0.0, 1.0), (towns("service_level"), nowhere_less),
            (towns("service_level"), lambda off, _: off.max() > 0.0), months=2)
        for pull in COPYING
    },
    "A12 project: its money raises levels where revenue limits them": case(
        {"city.budget": 20.0}, each("policy.project", 0.0, 400.0), (mean_level, rises)),
    "B10 will: cities that want different things differ the more": case(
        {"city": {"revenue_limits": False, "pace": 1.0, "adoption": "threshold"}}, each("city.will", 0.0, 0.3, 0.8),
        (lambda model: float(np.std(towns("motivation")(model))), rises), months=16),
    "B11 taxes: those of migrants raise levels where revenue limits them": case(
        {"city.budget": 20.0}, each("city.returned", 0.0, 50_000.0), (mean_level, rises)),
    "B12 prejudice: without any tension housing is refused more often where people are prejudiced": case(
        {"public": {"hostility": 0.0, "inflow": 0.0, "neglect": 0.0}, "needs.housing.rate": 0.15},
        each("public.prejudice", 0.0, 2.0), (needs_of("housing"), rises),
        (lambda model: (model.state.cities["tension"] == 0.0).all(), (True, True))),
    "B6 regionalism: the variance of motivation between regions grows with it": case(
        {"city.lobbying": 0.0}, each("city.regionalism", 0.0, 0.6), (between_regions, rises), months=12),
    "B7 shirking: with many NGOs, cities that lean on them offer less": case(
        {"ngos": {"initial": 40, "burnout": 0.0}, "city": {"revenue_limits": False, "lobbying": 0.0, "pace": 1.0}},
        each("city.shirking", 0.0, 0.9), (mean_level, falls)),
    "B8 agenda: with the same luck, heard towns come to offer more of what presses, and none offers less": case(
        {"voice": {"fit_unheard": 0.3, "surveys": 1.0, "survey_gain": 1.0}, "ngos.enabled": False,
         **{f"city.{pull}": 0.0 for pull in COPYING},
         "city": {"pace": 0.1, "revenue_limits": False, "adoption": "threshold"},
         "services.*.threshold": 0.0}, each("voice.agenda", 0.0, 3.0),
        (lambda model: np.mean([towns(f"level_{service}")(model) for service in SERVICES]), rises),
        (towns("level_language"), np.array_equal), months=40),
    "B9 discrimination: by tension housing is refused more often, less so under an ordinance": case(
        TENSE, [{"public": {"discrimination": 3.0 * calls, "ordinance": forbids}} for calls, forbids in IN_TURN],
        (needs_of("housing"), lambda calm, tense, forbidden: calm < tense > forbidden)),
}  # fmt: skip

# NGOs ---------------------------------------------------------------------------------------------------

STILL = {"ngos.founding": 0.0, "ngos.burnout": 0.0, "ngos.network": 0.0, "ngos.branches": 0.0}
MANY_OFFICES = {**SEARCHING, "ngos": {"initial": 30, "cases_per_staff": 200.0}}
UNIONS = {"ngo_kinds.*.founding": 0.0, "ngo_kinds.union.founding": 1.0, "ngos": {"initial": 30, "burnout": 0.0},
          "voice": {"opening": 0.0, "cases": 0.0, "monitoring": 0.0}}  # fmt: skip

NGOS = {
    "C1 NGOs: without NGOs nobody is served by one, and more goes unmet": case(
        {"ngos.initial": 30}, each("ngos.enabled", False, True), (lambda model: len(model.ngos), from_none),
        ("served_ngo", from_none), ("ngo_cases", from_none), (share("unmet", "needs"), falls)),
    "C2 the unauthorised first: they have more room where the legal rank lower": case(
        {**SEARCHING, "ngos": {"initial": 30, "cases_per_staff": 0.5}},
        each("ngo_kinds.*.legal_clients", 0.0, 1.0),
        (lambda model: of_status("ngo_cases", "irregular", *UNAUTHORISED)(model) / total(model, "ngo_cases"),
         lambda last, alike: last > alike + 0.05)),
    "C3 branches: branches bring NGOs to towns that had none": case(
        {**STILL, "ngos": {"initial": 3, "staff_cost": 1.0, "grant": 0.5}, "city.budget": 20_000.0},
        each("ngos.branches", 0.0, 1.0),
        (lambda model: sum(office.parent > 0 for office in model.ngos), from_none),
        (lambda model: sum(office.parent == 0 for office in model.ngos), lambda off, on: off > 0 < on),
        (lambda model: (model.state.cities["ngo_count"] > 0).sum(), rises), months=36),
    "C3 telephone: it serves in towns without an office, and nobody where it is off": case(
        {**SEARCHING, "ngos": {"initial": 3, "founding": 0.0, "hotline": 0.05}},
        each("ngos.telephone", 0.0, 0.5), ("ngo_phone", from_none), (by_telephone_alone, from_none)),
    "C4 capacity: with less capacity fewer cases are taken on and more clients turned away": case(
        {"ngos.initial": 30, "awareness.search": 1.0}, each("ngos.cases_per_staff", 0.0, 0.5, 200.0),
        ("ngo_cases", from_none), ("turned_away", to_none)),
    "C4 unlimited: with no limit, all cases are taken on, however small the staff": case(
        {"ngos": {"initial": 30, "cases_per_staff": 0.5}, "awareness.search": 1.0},
        each("ngos.limited", True, False), ("turned_away", to_none),
        ("ngo_cases", lambda limited, unlimited: 0 < limited < unlimited)),
    "C5 debt: where no debt is too deep, poor NGOs last": case(
        {**STILL, "ngos": {"initial": 20, "foundation_luck": 1.0, "staff_cost": 6.0}},
        each("ngos.debt", 0.0, 100.0), (lambda model: 20 - len(model.ngos), to_none), months=40),
    "C6 specialists: where every NGO is a specialist, all take on fewer cases": case(
        {**MANY_OFFICES, "ngos.specialist_gain": 0.0}, each("ngos.specialised", 0.0, 1.0),
        ("ngo_cases", falls), (specialised, (0.0, 1.0))),
    "C7 networks: skill differs less between the NGOs of a kind where they meet": case(
        {**STILL, "ngos": {"initial": 30, "competence": 0.5}, "ngo_kinds.*.founding": 0.0,
         "ngo_kinds.union.founding": 1.0}, each("ngos.network", 1.0, 0.3, 0.0),
        (lambda model: np.std([office.skill for office in model.ngos]), rises)),
    "C7 referral: fewer are turned away where NGOs refer to one another": case(
        {**SEARCHING, "ngos": {"initial": 20, "cases_per_staff": 1.0}}, each("ngos.referral", 0.0, 1.0),
        ("ngo_referred", from_none), ("turned_away", falls)),
    "C8 lobbying the state: all kinds of NGO lobby; in time fewer are handed over by town halls": case(
        {"ngos": {"initial": 60, "burnout": 0.0}, "enforcement": {"apprehension": 0.0, "duty_to_report": 1.0},
         "fear.weight": 0.0, "services.*.open_to_unauthorised": 1.0, "city.firewall": 0.0, "voice.opening": 0.0,
         "voice.withdrawn": 0.0},
        each("voice.state", 0.0, 0.01), (won_by_and_by("conceded"), from_none), ("deported", falls), places=PROVIDED),
    "C8 advocacy: openings and precedents are won, and less happens where unions watch employers": case(
        UNIONS, [{}, {"voice.opening": 1.0},
                 {"voice": {"cases": 1.0, "won": 1.0, "forgotten": 0.0}}, {"voice.monitoring": 1.0}],
        (lambda model: model.state.cities["firewall"].sum(), lambda off, opening, *_: off < opening),
        (won_by_and_by("precedent"), lambda off, _, courts, __: off == 0 < courts),
        (needs_of("accident", "dispute", "wages"), lambda off, _, __, watched: off > watched > 0)),
    "C9 paternalism: native-run NGOs solve fewer of their cases, unless immigrants work there": case(
        MANY_OFFICES, [{"ngos": {"paternalism": 0.9 * of, "immigrant_staff": staff}} for of, staff in IN_TURN],
        (share("ngo_served", "ngo_cases"), lambda none, native, mixed: none > native < mixed)),
    "C10 membership: none where nobody joins; the sooner they drop out, the fewer there are": case(
        MANY_OFFICES, [{"ngos": {"membership": joining, "dropping_out": leaving}}
                       for joining, leaving in ((0.0, 0.25), (1.0, 0.6), (1.0, 0.2), (1.0, 0.0))],
        ("members", from_none)),
}  # fmt: skip

# Migrants -----------------------------------------------------------------------------------------------

NO_CONSEQUENCES = {"needs.*.departure": 0.0, "needs.*.job_loss": 0.0, "needs.*.recurrence": 0.0}
TELLING = {"outreach": 0.06, "peers": 0.05, "arrival": 0.2, "search": 0.3}

MIGRANTS = {
    **{
        f"D2 {source}: one way of learning switched off at a time, the others as they are": case(
            {"awareness": TELLING}, each(f"awareness.{source}", 0.0, on), ("aware", rises),
            (share("aware", "needs"), rises), places=PROVIDED)
        for source, on in TELLING.items()
    },
    "D2 claims teach: with the same luck, people know of more where a claim opens their eyes": case(
        {}, each("awareness.claims", 0.0, 1.0),
        (lambda model: np.bitwise_count(model.migrants.get("knows")).sum(), rises), places=PROVIDED),
    "D2 told of rights: where nobody brings them along or tells, no right on paper is claimed": case(
        {"awareness": {"state": 0.0, "outreach": 0.06}, "trades.*.insures": 0.0},
        each("awareness.rights", 0.0, 1.0), ("served_nation", from_none),
        (lambda model: np.count_nonzero(model.migrants.get("knows") & RIGHTS), from_none), places=PROVIDED),
    "D4 settling: nobody settles without drift where nobody came to, and more the more of it": case(
        {"doors.*.settlers": 0.0}, each("settling.drift", 0.0, 0.002, 0.01),
        (lambda model: model.ledger.table("census")["settlers"].sum(), from_none)),
    "D6 barrier: the barrier of language refuses claims": case(
        {}, each("language.barrier", 0.0, 0.9), (share("served_city", "claimed"), falls), places=PROVIDED),
    "D6 interpreters: interpreters let them through": case(
        {"language.barrier": 0.9}, each("language.interpreters", 1.0, 0.0),
        (share("served_city", "claimed"), falls), places=PROVIDED),
    "D6 prerequisite: fewer take part where the language is asked for": case(
        {"claiming": {"join": 0.05, "quit": 0.0}, "belonging.growth": 0.1},
        each("language.prerequisite", 0.0, 1.0), ("sustained", falls), places=PROVIDED),
    "D8 moving: nobody moves where nobody is made to; what movers lose ends where everything is kept": case(
        {"needs.*.job_loss": 0.0},
        [{"doors.*.moving": 0.03 * some, "moving.entitlements_kept": kept} for some, kept in IN_TURN],
        ("moved_out", lambda still, losing, _: still == 0 < losing),
        (lambda model: model.ledger.table("moves")["enrolments_lost"].sum(),
         lambda _, losing, keeping: losing > 0 == keeping),
        ("insured", lambda _, losing, keeping: losing < keeping), places=PROVIDED),
    "D8 better wages: more leave the poorer towns, and with the same luck as few the richer ones": case(
        {"needs.*.job_loss": 0.0, "ngos.enabled": False, "doors.*.moving": 0.05},
        each("moving.wage_seeking", 0.0, 3.0), (left_towns(poorer=True), rises),
        (left_towns(poorer=False), lambda off, on: on == off > 0), months=1),
    "D10 searching for work: the target is reached later where the next job takes long to find": case(
        {"needs.*.job_loss": 1.0, "needs.*.departure": 0.0, "settling.homeward": 20.0,
         "labour": {"homewards": 0.0, "elsewhere": 0.0}},
        each("labour.rehiring", 0.05, 0.9), (gone("target"), rises)),
    "D10 consequences: departures and moves end where nothing causes them; what recurs is needed again": case(
        {"doors.*.moving": 0.0, **NO_CONSEQUENCES},
        [{}, dict.fromkeys(NO_CONSEQUENCES, 0.3), {"needs.illness.recurrence": 1.0}],
        (gone("unmet"), lambda none, harsh, _: none == 0 < harsh),
        ("moved_out", lambda none, harsh, _: none == 0 < harsh), ("needs", lambda none, _, again: none < again)),
}  # fmt: skip

ALL = {**STATE, **CITIES, **NGOS, **MIGRANTS}


@pytest.mark.mechanism("A1", "A3", "A4", "A5", "A6", "A7", "A8", "A9", "A12", "B1", "B2", "B3", "B4", "B5", "B6", "B7",
    "B8", "B9", "B10", "B11", "B12", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "C9", "C10", "D2", "D4",
    "D6", "D8", "D10")  # fmt: skip
@pytest.mark.parametrize("name", ALL)
def test_on_against_off_in_whole_runs(name: str, request: pytest.FixtureRequest) -> None:
    """What the case says, by its outcomes."""
    assert name.split()[0] in request.node.get_closest_marker("mechanism").args  # it is credited
    case = ALL[name]
    models = [small_run(case.base, way, **case.how) for way in case.ways]
    for number, (outcome, expected) in enumerate(case.outcomes):
        values = [total(m, outcome) if isinstance(outcome, str) else outcome(m) for m in models]
        holds = expected(*values) if callable(expected) else tuple(values) == expected
        wanted = getattr(expected, "__name__", expected)
        assert holds, f"outcome {number} ({wanted}): {values} of {case.ways}"
