"""Parameters of the migrants: awareness, claiming, settling, belonging, moving."""

from __future__ import annotations

from .parameter import Section, number, probability, share

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Awareness(Section):
    """What migrants know of, and how they learn and forget it (D2)."""

    outreach: float = probability(0.007, "Outreach of cities", "D2", per="month", high=0.06,
        meaning="chance to learn of a city's services from its outreach where information is at full level",
        source="fitted to P18")
    peers: float = probability(0.007, "Word of mouth", "D2", per="month", high=0.06,
        meaning="chance to learn from compatriots (of doors of the same group) when all of them in the place know",
        source="fitted to P18")
    arrival: float = probability(0.1, "Told on registering", "D2",
        meaning="chance to be told of a service on registering with the city, at full information level")
    orientation: float = probability(0.0, "National orientation", "D2",
        meaning="chance to be told of a service on registering by a national orientation, whatever the city informs of",
        source=f"{TSUDA}: none in Japan")
    handbook: float = probability(0.6, "Cover of a handbook", "D2",
        meaning="chance that learning of the city's services (a handbook, a friend) covers any one of them")
    search: float = probability(0.15, "Asking around", "D2", per="month",
        meaning="chance that someone in need finds out about a provider by asking around")
    ngo_outreach: float = probability(0.015, "Outreach of NGOs", "D2", per="month", high=0.06,
        meaning="chance to hear of an NGO where there is one worker or more for each hundred migrants")
    state: float = share(0.35, "Rights known on arrival", "D2",
        meaning="share of newcomers who know of the rights they have under national law",
        source=f"assumption, after {TSUDA}: many are 'unaware of the limited rights to which they are entitled'")
    rights: float = probability(0.2, "Told of rights", "D2",
        meaning="chance that a city's handbook, or an NGO that helped, tells of the rights under national law",
        source=f"assumption, after {TSUDA}: lawyers' associations publish human rights handbooks")
    claims: float = probability(0.1, "Learning by claiming", "D2",
        meaning="chance that a claim the city met teaches of any other service it offers")
    kept_on_moving: float = share(0.0, "Kept after a move", "D2, D8",
        meaning="share of what is known that is still of use after a move")


class Claiming(Section):
    """Claiming services, episodically or in a sustained way (D7)."""

    effort: float = probability(0.8, "Getting round to asking", "D7", per="month",
        meaning="chance that someone aware, willing and eligible gets round to asking within the month")
    haste_settler: float = number(0.2, "Settlers' haste", "D4", unit="factor", high=1.0,
        meaning="how far long hours keep a settler from asking for help, relative to a sojourner")
    haste_debt: float = number(0.3, "Haste in debt", "D4", unit="added factor", high=5.0,
        meaning="how much more those keep from asking who have debts to pay off")
    return_after: int = number(12, "Time for a return", "D7", unit="months", low=1, high=60,
        meaning="coming back to an NGO within this time counts as a return")
    insure: float = probability(0.043, "City insurance", "D7", per="month", high=0.05,
        meaning="chance that someone without insurance through the job, who knows of the city's and may, enrols, if it "
        "cost nothing",
        source="fitted to P19")
    premium: float = share(0.3, "Dear premiums", "D4, D7",
        meaning="how far the premium keeps people of usual wages from the city's insurance; more where wages are lower",
        source=f"assumption; {TSUDA}: for sojourners health insurance is among the 'basic necessities'")
    premium_poor: float = number(2.0, "Premiums of the poor", "D4, D7, A10", unit="factor", low=1.0, high=5.0,
        meaning="how much dearer it is to those without a wage, or with debts to pay off")
    lapse: float = probability(0.015, "Insurance lapses", "D7", per="month", high=0.04,
        meaning="chance that an enrolment in health insurance lapses where the premium could not be dearer, or the job "
        "has come to insure")
    quit: float = probability(0.03, "Leaving a programme", "D7", per="month", high=0.2,
        meaning="chance that taking part in a programme that fits ends, for a target earner at the usual hours")
    quit_at_work: float = share(0.7, "Leaving in haste", "D4, D7",
        meaning="how far it is for want of time: who has all of it leaves so much more seldom; with longer hours and "
        "debts more leave, with plans to stay fewer")
    quit_unfit: float = number(1.0, "Leaving what misses", "B8, D7", unit="added factor", high=5.0,
        meaning="how much more often people leave where what is offered does not fit what is needed at all")
    join: float = probability(0.032, "Joining a programme", "D7", per="month", high=0.05,
        meaning="chance that someone with full belonging who knows of a programme joins it, if work left all the time "
        "for it")
    join_at_work: float = number(0.1, "Joining in haste", "D4, D7", unit="factor", low=0.01, high=1.0,
        meaning="what the usual hours of a target earner leave of that chance; longer hours, debts and the wish to "
        "save leave less, plans to stay more (to the power of haste)")
    join_for_child: float = share(0.5, "Joining for a child", "A11, D7",
        meaning="how far a child at school takes the place of belonging for its parents, and keeps them from leaving",
        source=f"assumption, after {TSUDA}: parents 'actively involved in their children's education'")
    sustained_after: int = number(3, "Months to be sustained", "D7, E4", unit="months", high=36,
        meaning="time in a programme after which taking part counts as sustained")


class Settling(Section):
    """From sojourner to settler (D4)."""

    drift: float = probability(0.0025, "Drift to settling", "D4", per="month", high=0.01,
        meaning="chance that a newly arrived sojourner without ties decides to settle")
    years: float = number(0.15, "Stay and settling", "D4", unit="per year of stay", high=0.5,
        meaning="how each year of stay (up to ten) raises that chance")
    family: float = number(1.0, "Family and settling", "D4", unit="added factor", high=3.0,
        meaning="how living with a family raises that chance")
    belonging: float = number(1.0, "Belonging and settling", "D4", unit="added factor", high=3.0,
        meaning="how full belonging raises that chance")
    homeward: float = number(0.15, "Home when it is saved", "D4, D11", unit="odds", high=20.0,
        meaning="odds that a sojourner whose target is reached goes home against staying on for a further round: of "
        "one with a permit and a job, without debts, family, attachment or fear, while the trade offers all its jobs",
        source="fitted to P07 and P11")
    no_return: float = number(0.5, "No way back", "D11", unit="factor", high=1.0,
        meaning="multiplies these odds, and the chance to go home for reasons of one's own, for those without a "
        "permit, who could not come back",
        source=f"assumption, after {TSUDA}: overstayers stay for years")
    attached: float = share(0.5, "Attachment holds", "D5, D11",
        meaning="how far full belonging lowers these odds")
    round_family: float = number(0.5, "Family holds", "D11", unit="factor", high=1.0,
        meaning="multiplies these odds for those who live here with a family")
    round_debt: float = number(0.3, "Debt holds", "D11, D13", unit="factor", high=1.0,
        meaning="multiplies these odds for those with debts left to pay off")
    round_fear: float = number(2.0, "Fear drives home", "D3, D11", unit="added factor", high=10.0,
        meaning="how much full fear of apprehension raises these odds")
    round_work: float = number(3.0, "Want of work drives home", "A10, D11", unit="added factor", high=20.0,
        meaning="how much it raises these odds if one's trade offers no job at all (less, if it offers some)")
    family_sojourner: float = number(0.4, "Families of sojourners", "A8, D4", unit="factor", high=1.0,
        meaning="how often a sojourner brings a family that is admitted, relative to a settler")
    leaving: float = number(0.4, "Settlers' return", "D4, D11", unit="factor", high=1.0,
        meaning="multiplies the chance to return home for settlers")
    round: int = number(24, "Months of a round", "D4", unit="months", low=1, high=120,
        meaning="length of such a further round")


class Belonging(Section):
    """Civic attachment to the place of residence, 0 to 1 (D5)."""

    growth: float = number(0.006, "Growth of belonging", "D5", unit="a month", high=0.1,
        meaning="part of the distance to full belonging covered in a month of residence")
    participation: float = number(0.02, "Belonging by taking part", "D5, D7", unit="a month", high=0.2,
        meaning="the same, added while taking part in a sustained programme")
    treatment: float = share(0.1, "Effect of treatment", "D5",
        meaning="part of the distance covered when a claim is served; lost when one is refused")
    enclave: float = share(0.5, "Enclave slows belonging", "D5",
        meaning="how far life among fellow migrants alone (see language.full_enclave) slows growth")
    kept_on_moving: float = share(0.1, "Belonging kept on moving", "D5, D8",
        meaning="belonging carried along to another municipality")


class Moving(Section):
    """Moving within the country and choosing where to (D8, D9)."""

    wage_seeking: float = number(0.3, "Seeking better wages", "D8", unit="per unit of fiscal strength",
        high=3.0,
        meaning="how much more often people change jobs where wages are below what is usual (fiscal strength "
        "stands for wages)",
        source=f"assumption, after {TSUDA}: 'switch jobs frequently in search of better wages'")
    network: float = number(50_000.0, "Compatriots for brokers", "D13, D14", unit="persons", low=1.0, high=1e8,
        usual=1e6,
        meaning="compatriots in the country with whom half of those whom brokers would place find work through them "
        "instead")
    deceit: float = probability(0.3, "Deceit by brokers", "D13",
        meaning="chance that a broker has promised more than there is",
        source=f"assumption, after {TSUDA}: 'deceived by labor brokers'")
    deceit_debt: int = number(6, "Debt to brokers", "D4, D13", unit="months", high=48,
        meaning="months of work by which those so deceived pay off their debts later")
    settler: float = number(0.7, "Settlers' moves", "D8", unit="factor", high=1.0,
        meaning="multiplies the chance to move for settlers")
    family: float = number(0.7, "Families' moves", "D8", unit="factor", high=1.0,
        meaning="multiplies the chance to move for those with a family")
    nearby: float = share(0.5, "Moves within the region", "D9",
        meaning="share of moves that stay within the region")
    sorting: float = number(3.0, "Sorting of jobs", "D9, D13", unit="log points", high=6.0, start_only=True,
        meaning="how far factory towns have other jobs than big cities of services: from a place that is neither, "
        "the jobs of a category of factory towns alone are so much more in a factory town, and as much fewer in a big "
        "city",
        source="assumption")
    coethnics: float = share(0.6, "Pull of compatriots", "D13, D14",
        meaning="share of a trade's jobs in a place that employers and recruiters fill through those who are there, "
        "and not with whoever would be hired anywhere")
    chain: float = number(1.3, "Chain migration", "D13, D14", unit="exponent", high=3.0,
        meaning="how many a group brings where it is a larger part of the migrants than in the country: 1 in "
        "proportion to that, more if recruiters fill whole workplaces")
    few: float = number(30.0, "Few say little", "D14", unit="persons", low=0.01, high=10_000.0,
        meaning="migrants in a place whose mix of groups counts as much as the country's for who follows there: where "
        "they are fewer, it says less",
        source="assumption")
    vacancies: float = number(1.0, "Pull of vacancies", "D9", unit="exponent", high=3.0,
        meaning="how far people go where jobs are free: 0 not at all, 1 in proportion to jobs for each migrant there")
    wages: float = number(0.1, "Pull of wages", "D9", unit="per unit of fiscal strength", high=2.0,
        meaning="pull of the higher wages of prosperous places")
    services: float = number(0.0, "Pull of services", "D9", unit="per unit of service level", high=5.0,
        meaning="pull of a municipality's services; 0: services are not what people move for",
        source=f"{TSUDA}: people move for wages and working conditions")
    entitlements_kept: float = share(0.0, "Entitlements kept", "D8",
        meaning="chance that an enrolment or entitlement follows the mover",
        source=f"{TSUDA}: 'they lose the rights and services'")


class Stories(Section):
    """Which lives are recorded event by event."""

    share: float = number(0.0001, "Lives recorded", unit="share of migrants", high=1.0, start_only=True,
        meaning="share of migrants whose life is kept, drawn by identity, so the same lives in every scenario")
