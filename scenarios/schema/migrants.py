"""Parameters of the migrants: awareness, claiming, settling, belonging, moving."""

from __future__ import annotations

from .parameter import Section, parameter

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Awareness(Section):
    """What migrants know of, and how they learn and forget it (D2)."""

    outreach: float = parameter(
        0.007, label="Outreach of cities", unit="probability a month", low=0.0, high=0.06, mechanism="D2",
        meaning="chance to learn of a city's services from its outreach where information is at full level",
        source="fitted to P18",
    )
    peers: float = parameter(
        0.007, label="Word of mouth", unit="probability a month", low=0.0, high=0.06, mechanism="D2",
        meaning="chance to learn from fellow nationals (the same category) when all of them in the place know",
        source="fitted to P18",
    )
    arrival: float = parameter(
        0.1, label="Told on registering", unit="probability", low=0.0, high=1.0, mechanism="D2",
        meaning="chance to be told of a service on registering with the city, at full information level",
    )
    orientation: float = parameter(
        0.0, label="National orientation", unit="probability", low=0.0, high=1.0, mechanism="D2",
        meaning="chance to be told of a service on registering by a national orientation, whatever the city informs of",
        source=f"{TSUDA}: none in Japan",
    )
    handbook: float = parameter(
        0.6, label="Cover of a handbook", unit="probability", low=0.0, high=1.0, mechanism="D2",
        meaning="chance that learning of the city's services (a handbook, a friend) covers any one of them",
    )
    search: float = parameter(
        0.15, label="Asking around", unit="probability a month", low=0.0, high=1.0, mechanism="D2",
        meaning="chance that someone in need finds out about a provider by asking around",
    )
    ngo_outreach: float = parameter(
        0.015, label="Outreach of NGOs", unit="probability a month", low=0.0, high=0.06, mechanism="D2",
        meaning="chance to hear of an NGO where there is one worker or more for each hundred migrants",
    )
    state: float = parameter(
        0.35, label="Rights known on arrival", unit="share", low=0.0, high=1.0, mechanism="D2",
        meaning="share of newcomers who know of the rights they have under national law",
        source=f"assumption, after {TSUDA}: many are 'unaware of the limited rights to which they are entitled'",
    )
    rights: float = parameter(
        0.2, label="Told of rights", unit="probability", low=0.0, high=1.0, mechanism="D2",
        meaning="chance that a city's handbook, or an NGO that helped, tells of the rights under national law",
        source=f"assumption, after {TSUDA}: lawyers' associations publish human rights handbooks",
    )
    claims: float = parameter(
        0.1, label="Learning by claiming", unit="probability", low=0.0, high=1.0, mechanism="D2",
        meaning="chance that a claim the city met teaches of any other service it offers",
    )
    kept_on_moving: float = parameter(
        0.0, label="Kept after a move", unit="share", low=0.0, high=1.0, mechanism="D2, D8",
        meaning="share of what is known that is still of use after a move",
    )


class Claiming(Section):
    """Claiming services, episodically or in a sustained way (D7)."""

    effort: float = parameter(
        0.8, label="Getting round to asking", unit="probability a month", low=0.0, high=1.0, mechanism="D7",
        meaning="chance that someone aware, willing and eligible gets round to asking within the month",
    )
    return_after: int = parameter(
        12, label="Time for a return", unit="months", low=1, high=60, mechanism="D7",
        meaning="coming back to an NGO within this time counts as a return",
    )
    insure: float = parameter(
        0.04, label="City insurance: settlers", unit="probability a month", low=0.0, high=0.04, mechanism="D7",
        meaning="chance that a settler without insurance through the job, who knows of the city's and may, enrols",
        source="fitted to P19",
    )
    insure_sojourner: float = parameter(
        0.7, label="Insurance: sojourners", unit="factor", low=0.0, high=1.0, mechanism="D4, D7",
        meaning="the same for a sojourner, relative to a settler",
    )
    employer_insures: float = parameter(
        0.5, label="Employer insures", unit="probability", low=0.0, high=1.0, mechanism="D7, A1",
        meaning="chance that an employer enrols a new legal worker in health insurance, at arrival and "
        "after each move",
        source=f"fitted to P19; {TSUDA}: 'employers sometimes are reluctant to join'",
    )
    lapse: float = parameter(
        0.005, label="Insurance lapses", unit="probability a month", low=0.0, high=0.04, mechanism="D7",
        meaning="chance that an enrolment in health insurance lapses",
    )
    quit: float = parameter(
        0.03, label="Leaving a programme", unit="probability a month", low=0.0, high=0.2, mechanism="D7",
        meaning="chance that taking part in a programme ends",
    )
    join: float = parameter(
        0.02, label="Joining a programme", unit="probability a month", low=0.0, high=0.05, mechanism="D7",
        meaning="chance that a settler with full belonging who knows of a programme joins it",
    )
    join_sojourner: float = parameter(
        0.1, label="Joining: sojourners", unit="factor", low=0.0, high=1.0, mechanism="D4, D7",
        meaning="the same for a sojourner, relative to a settler",
    )
    join_family: float = parameter(
        1.0, label="Joining: families", unit="factor", low=1.0, high=4.0, mechanism="D7",
        meaning="the same for those with a family here; 1 leaves it to schooling, which only they can join",
    )
    sustained_after: int = parameter(
        3, label="Months to be sustained", unit="months", low=0, high=36, mechanism="D7, E4",
        meaning="time in a programme after which taking part counts as sustained",
    )


class Settling(Section):
    """From sojourner to settler (D4)."""

    drift: float = parameter(
        0.0025, label="Drift to settling", unit="probability a month", low=0.0, high=0.01, mechanism="D4",
        meaning="chance that a newly arrived sojourner without ties decides to settle",
    )
    years: float = parameter(
        0.15, label="Stay and settling", unit="per year of stay", low=0.0, high=0.5, mechanism="D4",
        meaning="how each year of stay (up to ten) raises that chance",
    )
    family: float = parameter(
        1.0, label="Family and settling", unit="added factor", low=0.0, high=3.0, mechanism="D4",
        meaning="how living with a family raises that chance",
    )
    belonging: float = parameter(
        1.0, label="Belonging and settling", unit="added factor", low=0.0, high=3.0, mechanism="D4",
        meaning="how full belonging raises that chance",
    )
    extend: float = parameter(
        0.88, label="Staying a further round", unit="probability", low=0.0, high=1.0, mechanism="D4, D11",
        meaning="chance that a sojourner whose target is reached stays on for a further round",
        source="fitted to P07 and P11",
    )
    leaving: float = parameter(
        0.4, label="Settlers' return", unit="factor", low=0.0, high=1.0, mechanism="D4, D11",
        meaning="multiplies the chance to return home for settlers",
    )
    round: int = parameter(
        24, label="Months of a round", unit="months", low=1, high=120, mechanism="D4",
        meaning="length of such a further round",
    )


class Belonging(Section):
    """Civic attachment to the place of residence, 0 to 1 (D5)."""

    growth: float = parameter(
        0.006, label="Growth of belonging", unit="a month", low=0.0, high=0.1, mechanism="D5",
        meaning="part of the distance to full belonging covered in a month of residence",
    )
    participation: float = parameter(
        0.02, label="Belonging by taking part", unit="a month", low=0.0, high=0.2, mechanism="D5, D7",
        meaning="the same, added while taking part in a sustained programme",
    )
    treatment: float = parameter(
        0.1, label="Effect of treatment", unit="share", low=0.0, high=1.0, mechanism="D5",
        meaning="part of the distance covered when a claim is served; lost when one is refused",
    )
    enclave: float = parameter(
        0.5, label="Enclave slows belonging", unit="share", low=0.0, high=1.0, mechanism="D5",
        meaning="how far life among fellow migrants alone (a tenth of residents) slows growth",
    )
    kept_on_moving: float = parameter(
        0.1, label="Belonging kept on moving", unit="share", low=0.0, high=1.0, mechanism="D5, D8",
        meaning="belonging carried along to another municipality",
    )


class Moving(Section):
    """Moving within the country and choosing where to (D8, D9)."""

    wage_seeking: float = parameter(
        0.3, label="Seeking better wages", unit="per unit of fiscal strength", low=0.0, high=3.0,
        mechanism="D8",
        meaning="how much more often people change jobs where wages are below what is usual (fiscal strength "
        "stands for wages)",
        source=f"assumption, after {TSUDA}: 'switch jobs frequently in search of better wages'",
    )
    brokers: float = parameter(
        0.2, label="Labour brokers", unit="share", low=0.0, high=1.0, mechanism="D8",
        meaning="share of arrivals and moves arranged by labour brokers, who send people wherever there is work",
        source=f"assumption, after {TSUDA}: 'deceived by labor brokers'",
    )
    settler: float = parameter(
        0.7, label="Settlers' moves", unit="factor", low=0.0, high=1.0, mechanism="D8",
        meaning="multiplies the chance to move for settlers",
    )
    family: float = parameter(
        0.7, label="Families' moves", unit="factor", low=0.0, high=1.0, mechanism="D8",
        meaning="multiplies the chance to move for those with a family",
    )
    nearby: float = parameter(
        0.5, label="Moves within the region", unit="share", low=0.0, high=1.0, mechanism="D9",
        meaning="share of moves that stay within the region",
    )
    coethnics: float = parameter(
        0.4, label="Pull of compatriots", unit="share", low=0.0, high=1.0, mechanism="D9",
        meaning="weight of where one's own category lives against where the jobs are, in choosing a place",
    )
    wages: float = parameter(
        0.1, label="Pull of wages", unit="per unit of fiscal strength", low=0.0, high=2.0, mechanism="D9",
        meaning="pull of the higher wages of prosperous places",
    )
    services: float = parameter(
        0.0, label="Pull of services", unit="per unit of service level", low=0.0, high=5.0, mechanism="D9",
        meaning="pull of a municipality's services; 0: services are not what people move for",
        source=f"{TSUDA}: people move for wages and working conditions",
    )
    entitlements_kept: float = parameter(
        0.0, label="Entitlements kept", unit="share", low=0.0, high=1.0, mechanism="D8",
        meaning="chance that an enrolment or entitlement follows the mover",
        source=f"{TSUDA}: 'they lose the rights and services'",
    )


class Stories(Section):
    """Which lives are recorded event by event."""

    share: float = parameter(
        0.0001, label="Lives recorded", unit="share of migrants", low=0.0, high=1.0, start_only=True,
        meaning="share of migrants whose life is kept, drawn by identity, so the same lives in every scenario",
    )
