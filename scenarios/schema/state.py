"""Parameters of the state and of entry: scale, doors, labour demand, status, enforcement, fear."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from ..catalogue import DOORS
from .parameter import KeyedSection, Section, parameter

TSUDA = "Tsuda 2008"


class Scale(Section):
    """How many people the run stands for."""

    persons_per_record: int = parameter(
        1,
        unit="persons",
        low=1,
        high=10_000,
        meaning="people each migrant record stands for; arrivals, stocks and demand for places are divided "
        "by it, tables are multiplied by it",
    )
    share: float = parameter(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share of the country's initial stock and arrivals that comes to the places of this run "
        "(1 for a whole country, little for two towns)",
    )


class Door(Section):
    """One category of entry (A2): how many come, on what terms, and what awaits them."""

    initial: float = parameter(
        0.0,
        unit="persons",
        low=0.0,
        high=5e6,
        meaning="people of this category present when the run starts",
        mechanism="A2",
    )
    initial_years: float = parameter(
        3.0,
        unit="years",
        low=0.0,
        high=30.0,
        meaning="mean years those already present have stayed at the start (exponential)",
        mechanism="A2",
    )
    arrivals: float = parameter(
        0.0,
        unit="persons a month",
        low=0.0,
        high=200_000.0,
        meaning="arrivals a month while labour demand stands at 1",
        mechanism="A2, A10",
    )
    permit: int = parameter(
        12,
        unit="months",
        low=0,
        high=120,
        meaning="length of a residence permit and of each renewal; 0 for those who enter without one",
        mechanism="A3",
    )
    renewal: float = parameter(
        0.5,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that an expiring permit is renewed",
        mechanism="A3",
    )
    overstay: float = parameter(
        0.3,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance to stay on without a permit when it is not renewed; the rest leave",
        mechanism="A3",
    )
    outside_activity: float = parameter(
        0.0,
        unit="probability a month",
        low=0.0,
        high=0.03,
        meaning="chance to begin work outside the activity the visa allows (students' hours)",
        mechanism="A3",
    )
    runaway: float = parameter(
        0.0,
        unit="probability a month",
        low=0.0,
        high=0.03,
        meaning="chance to desert the assigned workplace and with it the permit (trainees, entertainers)",
        mechanism="A3",
    )
    settlers: float = parameter(
        0.1,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share who arrive with the intention to settle",
        mechanism="D4",
    )
    settling: float = parameter(
        1.0,
        unit="factor",
        low=0.0,
        high=4.0,
        meaning="multiplies the drift of sojourners of this category towards settlement",
        mechanism="D4",
    )
    target_years: float = parameter(
        4.0,
        unit="years",
        low=0.25,
        high=30.0,
        meaning="mean sojourn after which a target earner has saved what was planned (spread: half to "
        "one and a half times the mean)",
        mechanism="D4, D11",
    )
    family: float = parameter(
        0.1,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share who live here with a partner and children",
        mechanism="D7",
    )
    family_joins: float = parameter(
        0.0,
        unit="probability a month",
        low=0.0,
        high=0.03,
        meaning="family admission: chance that someone of this category with a permit and a year's stay brings "
        "partner and children; 0 where the state does not admit families",
        source=f"{TSUDA}: of foreign workers only the nikkeijin may bring families",
        mechanism="A8",
    )
    language: float = parameter(
        0.1,
        unit="competence",
        low=0.0,
        high=1.0,
        meaning="host-language and cultural competence on arrival",
        mechanism="D6",
    )
    urban: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="weight of big-city jobs against factory-town jobs when this category chooses a place",
        mechanism="D9",
    )
    moving: float = parameter(
        0.011,
        unit="probability a month",
        low=0.0,
        high=0.06,
        meaning="chance to move to another municipality for the end of a contract or a better wage",
        mechanism="D8",
    )
    leaving: float = parameter(
        0.003,
        unit="probability a month",
        low=0.0,
        high=0.03,
        meaning="chance to return home for reasons of one's own, whatever the target",
        mechanism="D11",
    )
    visibility: float = parameter(
        0.0,
        unit="image, -1 to 1",
        low=-1.0,
        high=1.0,
        meaning="how the public sees this category: 1 welcome and visible, -1 hidden or shunned",
        mechanism="B3",
    )
    work_risk: float = parameter(
        1.0,
        unit="factor",
        low=0.0,
        high=3.0,
        meaning="multiplies accidents, disputes and unpaid wages",
        mechanism="D1",
    )
    abuse_risk: float = parameter(
        1.0,
        unit="factor",
        low=0.0,
        high=12.0,
        meaning="multiplies abuse and violence",
        mechanism="D1",
    )
    housing_risk: float = parameter(
        1.0,
        unit="factor",
        low=0.0,
        high=3.0,
        meaning="multiplies evictions and refusals of housing",
        mechanism="D1",
    )


class Doors(KeyedSection):
    """The categories of entry: front (skilled, worker), side and back."""

    names: ClassVar[tuple[str, ...]] = DOORS
    entry: ClassVar[type[Section]] = Door
    skilled: Door = Field(default_factory=Door)
    coethnic: Door = Field(default_factory=Door)
    trainee: Door = Field(default_factory=Door)
    student: Door = Field(default_factory=Door)
    entertainer: Door = Field(default_factory=Door)
    worker: Door = Field(default_factory=Door)
    visitor: Door = Field(default_factory=Door)
    smuggled: Door = Field(default_factory=Door)


class Labour(Section):
    """Demand for migrant labour (A10)."""

    demand: float = parameter(
        1.0,
        unit="index, 1 = boom",
        low=0.0,
        high=2.0,
        meaning="state of the business cycle that arrivals answer to",
        mechanism="A10",
    )
    embeddedness: float = parameter(
        0.7,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="share of labour demand that persists whatever the business cycle",
        source=f"assumption, after {TSUDA}: demand 'has become structurally embedded'",
        mechanism="A10",
    )
    layoffs: float = parameter(
        0.5,
        unit="factor",
        low=0.0,
        high=3.0,
        meaning="how much more often contracts end and people return when demand falls short by 1",
        mechanism="A10",
    )
    search: int = parameter(
        1,
        unit="months",
        low=0,
        high=24,
        meaning="months that finding another job adds to the time it takes to reach the savings target",
        mechanism="D10",
    )


class Status(Section):
    """Moves on the ladder of formal status (A1, A3)."""

    permanent_after: int = parameter(
        120,
        unit="months",
        low=12,
        high=360,
        meaning="legal residence required for permanent residence",
        source=f"{TSUDA}: ten years of residence",
        mechanism="A3",
    )
    permanent_married: int = parameter(
        120,
        unit="months",
        low=12,
        high=360,
        meaning="the same for those married to a national, if it is less",
        source=f"{TSUDA}: taken into consideration since the late 1990s",
        mechanism="A3",
    )
    permanent_rate: float = parameter(
        0.004,
        unit="probability a month",
        low=0.0,
        high=0.05,
        meaning="chance that a legal settler past the threshold obtains permanent residence",
        mechanism="A3",
    )
    marriage: float = parameter(
        0.0006,
        unit="probability a month",
        low=0.0,
        high=0.01,
        meaning="chance that a settler marries a national, which brings a long permit",
        mechanism="A3",
    )
    special_permission: float = parameter(
        0.25,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that an unauthorised settler who marries a national is given a permit",
        mechanism="A3",
    )
    naturalise_after: int = parameter(
        60,
        unit="months",
        low=12,
        high=360,
        meaning="legal residence required for naturalisation",
        mechanism="A3",
    )
    naturalise_apply: float = parameter(
        0.0008,
        unit="probability a month",
        low=0.0,
        high=0.02,
        meaning="chance that a settler past the threshold takes up the paperwork of naturalisation",
        mechanism="A3",
    )
    naturalise_granted: float = parameter(
        0.5,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that officials, at their discretion, grant an application",
        source=f"assumption, after {TSUDA}: 'considerable discretion'",
        mechanism="A3",
    )
    amnesty: float = parameter(
        0.0,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="regularisation: chance that an unauthorised migrant is given a permit to work, in each "
        "month it is above 0 (a timeline sets it for a month and back to 0)",
        mechanism="A3, A5",
    )
    amnesty_after: int = parameter(
        0,
        unit="months",
        low=0,
        high=240,
        meaning="stay in the country that an amnesty asks for",
        mechanism="A3, A5",
    )
    regularised_renewal: float = parameter(
        0.85,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that the expiring permit of someone regularised is renewed, if the door's own is not "
        "higher",
        mechanism="A3, A5",
    )


class Enforcement(Section):
    """Apprehension and deportation (A4)."""

    apprehension: float = parameter(
        0.0075,
        unit="probability a month",
        low=0.0,
        high=0.06,
        meaning="chance that an overstayer or smuggled migrant is apprehended",
        mechanism="A4",
    )
    outside_activity: float = parameter(
        0.35,
        unit="factor",
        low=0.0,
        high=1.0,
        meaning="risk of those who work outside their visa's activity, relative to overstayers",
        mechanism="A4",
    )
    halve_in: float = parameter(
        0.0,
        unit="years",
        low=0.0,
        high=20.0,
        meaning="crackdown: raise apprehension by what would halve the unauthorised in this time if nobody "
        "else came or went; 0 for no crackdown",
        source=f"{TSUDA}: the government 'has determined to halve the number of illegal immigrants'",
        mechanism="A4",
    )
    detention: int = parameter(
        2,
        unit="months",
        low=1,
        high=12,
        meaning="time between apprehension and deportation, in which help may come",
        mechanism="A4",
    )
    release: float = parameter(
        0.06,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that an apprehended migrant whom an NGO helps is let go",
        mechanism="A4, C1",
    )
    duty_to_report: float = parameter(
        0.15,
        unit="probability",
        low=0.0,
        high=1.0,
        meaning="chance that an unauthorised claimant is reported by a public office without a firewall",
        source=f"assumption, after {TSUDA}: officials 'are required to report'",
        mechanism="A4",
    )


class Fear(Section):
    """Fear of apprehension (D3)."""

    weight: float = parameter(
        5.0,
        unit="per yearly risk",
        low=0.0,
        high=20.0,
        meaning="fear (0 to 1) for each unit of the yearly risk of apprehension",
        mechanism="D3",
    )
    local: float = parameter(
        0.5,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="weight of what happened in one's own municipality against the national risk",
        mechanism="D3",
    )
    government: float = parameter(
        1.0,
        unit="factor",
        low=0.0,
        high=1.0,
        meaning="how far fear keeps people from the offices of city and state",
        mechanism="D3",
    )
    ngos: float = parameter(
        0.2,
        unit="factor",
        low=0.0,
        high=1.0,
        meaning="how far fear keeps people from NGOs",
        source=f"assumption, after {TSUDA}: less so on NGOs",
        mechanism="D3",
    )
    firewall: float = parameter(
        0.7,
        unit="share",
        low=0.0,
        high=1.0,
        meaning="part of fear and of reporting that a city's firewall takes away",
        mechanism="D3",
    )
