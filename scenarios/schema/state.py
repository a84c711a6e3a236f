"""Parameters of the state: scale, labour demand, status, enforcement, fear."""

from __future__ import annotations

from .parameter import Section, parameter

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Scale(Section):
    """How many people the run stands for."""

    persons_per_record: int = parameter(
        1, label="Persons per record", unit="persons", low=1, high=10_000, start_only=True,
        meaning="people each migrant record stands for; arrivals, stocks and demand for places are divided "
        "by it, tables are multiplied by it",
    )
    share: float = parameter(
        1.0, label="Share of the country", unit="share", low=0.0, high=1.0, start_only=True,
        meaning="share of the country's initial stock and arrivals that comes to the places of this run "
        "(1 for a whole country, little for two towns)",
    )


class Labour(Section):
    """Demand for migrant labour (A10)."""

    demand: float = parameter(
        1.0, label="Labour demand", unit="index, 1 = boom", low=0.0, high=2.0, mechanism="A10",
        meaning="state of the business cycle that arrivals answer to",
    )
    embeddedness: float = parameter(
        0.7, label="Embedded demand", unit="share", low=0.0, high=1.0, mechanism="A10",
        meaning="share of labour demand that persists whatever the business cycle",
        source=f"assumption, after {TSUDA}: demand 'has become structurally embedded'",
    )
    layoffs: float = parameter(
        0.5, label="Layoffs in a slump", unit="factor", low=0.0, high=3.0, mechanism="A10",
        meaning="how much more often contracts end and people return when demand falls short by 1",
    )
    search: int = parameter(
        1, label="Months of job search", unit="months", low=0, high=24, mechanism="D10",
        meaning="months that finding another job adds to the time it takes to reach the savings target",
    )


class Status(Section):
    """Moves on the ladder of formal status (A1, A3)."""

    permanent_after: int = parameter(
        120, label="Stay to permanence", unit="months", low=12, high=360, mechanism="A3",
        meaning="legal residence required for permanent residence",
        source=f"{TSUDA}: ten years of residence",
    )
    permanent_married: int = parameter(
        120, label="Permanence if married", unit="months", low=12, high=360, mechanism="A3",
        meaning="the same for those married to a national, if it is less",
        source=f"{TSUDA}: taken into consideration since the late 1990s",
    )
    permanent_rate: float = parameter(
        0.004, label="Permanence granted", unit="probability a month", low=0.0, high=0.05, mechanism="A3",
        meaning="chance that a legal settler past the threshold obtains permanent residence",
    )
    marriage: float = parameter(
        0.0006, label="Marriage to a national", unit="probability a month", low=0.0, high=0.01, mechanism="A3",
        meaning="chance that a settler marries a national, which brings a long permit",
    )
    special_permission: float = parameter(
        0.25, label="Special permission", unit="probability", low=0.0, high=1.0, mechanism="A3",
        meaning="chance that an unauthorised settler who marries a national is given a permit",
    )
    naturalise_after: int = parameter(
        60, label="Stay to naturalise", unit="months", low=12, high=360, mechanism="A3",
        meaning="legal residence required for naturalisation",
    )
    naturalise_apply: float = parameter(
        0.0008, label="Naturalisation sought", unit="probability a month", low=0.0, high=0.02, mechanism="A3",
        meaning="chance that a settler past the threshold takes up the paperwork of naturalisation",
    )
    naturalise_granted: float = parameter(
        0.5, label="Naturalisation granted", unit="probability", low=0.0, high=1.0, mechanism="A3",
        meaning="chance that officials, at their discretion, grant an application",
        source=f"assumption, after {TSUDA}: 'considerable discretion'",
    )
    amnesty: float = parameter(
        0.0, label="Amnesty", unit="probability", low=0.0, high=1.0, mechanism="A3, A5",
        meaning="regularisation: chance that an unauthorised migrant is given a permit to work, in each "
        "month it is above 0 (a timeline sets it for a month and back to 0)",
    )
    amnesty_after: int = parameter(
        0, label="Stay for an amnesty", unit="months", low=0, high=240, mechanism="A3, A5",
        meaning="stay in the country that an amnesty asks for",
    )
    regularised_renewal: float = parameter(
        0.85, label="Renewal after amnesty", unit="probability", low=0.0, high=1.0, mechanism="A3, A5",
        meaning="chance that the expiring permit of someone regularised is renewed, if the door's own is not "
        "higher",
    )


class Enforcement(Section):
    """Apprehension and deportation (A4)."""

    apprehension: float = parameter(
        0.0075, label="Apprehension", unit="probability a month", low=0.0, high=0.06, mechanism="A4",
        meaning="chance that an overstayer or smuggled migrant is apprehended",
    )
    outside_activity: float = parameter(
        0.35, label="Risk outside the visa", unit="factor", low=0.0, high=1.0, mechanism="A4",
        meaning="risk of those who work outside their visa's activity, relative to overstayers",
    )
    halve_in: float = parameter(
        0.0, label="Crackdown: halved in", unit="years", low=0.0, high=20.0, mechanism="A4",
        meaning="crackdown: raise apprehension by what would halve the unauthorised in this time if nobody "
        "else came or went; 0 for no crackdown",
        source=f"{TSUDA}: the government 'has determined to halve the number of illegal immigrants'",
    )
    detention: int = parameter(
        2, label="Months of detention", unit="months", low=1, high=12, mechanism="A4",
        meaning="time between apprehension and deportation, in which help may come",
    )
    release: float = parameter(
        0.06, label="Release with NGO help", unit="probability", low=0.0, high=1.0, mechanism="A4, C1",
        meaning="chance that an apprehended migrant whom an NGO helps is let go",
    )
    duty_to_report: float = parameter(
        0.15, label="Duty to report", unit="probability", low=0.0, high=1.0, mechanism="A4",
        meaning="chance that an unauthorised claimant is reported by a public office without a firewall",
        source=f"assumption, after {TSUDA}: officials 'are required to report'",
    )


class Fear(Section):
    """Fear of apprehension (D3)."""

    weight: float = parameter(
        5.0, label="Fear of apprehension", unit="per yearly risk", low=0.0, high=20.0, mechanism="D3",
        meaning="fear (0 to 1) for each unit of the yearly risk of apprehension",
    )
    local: float = parameter(
        0.5, label="Local share of fear", unit="share", low=0.0, high=1.0, mechanism="D3",
        meaning="weight of what happened in one's own municipality against the national risk",
    )
    government: float = parameter(
        1.0, label="Fear of public offices", unit="factor", low=0.0, high=1.0, mechanism="D3",
        meaning="how far fear keeps people from the offices of city and state",
    )
    ngos: float = parameter(
        0.2, label="Fear of NGOs", unit="factor", low=0.0, high=1.0, mechanism="D3",
        meaning="how far fear keeps people from NGOs",
        source=f"assumption, after {TSUDA}: less so on NGOs",
    )
    firewall: float = parameter(
        0.7, label="Firewall against fear", unit="share", low=0.0, high=1.0, mechanism="D3",
        meaning="part of fear and of reporting that a city's firewall takes away",
    )
