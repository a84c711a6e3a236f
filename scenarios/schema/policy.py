"""Parameters of national policy beyond control: integration policy, money, programmes, relief, perception."""

from __future__ import annotations

from .needs import RIGHT_HOLDERS
from .parameter import Section, number, parameter, probability, share

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Policy(Section):
    """What the nation does for integration (A5 to A7). Japan and Korea: nothing declared, no money."""

    declared: float = number(0.0, "Declared integration", "A5", unit="motivation", high=1.0,
        meaning="encouragement that a city takes from a declared national policy of integration where its "
        "region carries it out",
        source=f"{TSUDA}: none in Japan and Korea, declared and delegated in Italy and Spain")
    guidance: float = share(0.0, "National guidance", "A5",
        meaning="how far national guidance replaces the level a city wants by the national standard, where its region "
        "carries it out")
    standard: float = number(0.5, "National standard", "A5", unit="level", high=1.0,
        meaning="the level national guidance asks for, of every city alike")
    uptake: float = share(0.3, "Pace of uptake", "A5",
        meaning="part of the way that a region comes, in a year, to carrying out what the nation declares, or guides "
        "to, as far as it is ready to",
        source=f"assumption, after {TSUDA}: 'others have yet to implement legislation for such a program'")
    fund: float = number(0.0, "Central money", "A5, B4", unit="million yen a year", high=1e8, usual=1e6,
        meaning="central money for the cities' immigrant programmes",
        source=f"{TSUDA}: none in Japan")
    project: float = number(0.0, "Internationalisation", "A12", unit="yen per resident a year", high=10_000.0,
        usual=500.0,
        meaning="what the nation's project of local internationalisation gives to a municipality with a full "
        "international desk",
        source=f"{TSUDA}, note 3: 'funding for localities'; the amount is an assumption")
    levy: float = share(0.0, "Right to raise money", "A12",
        meaning="what the project lets a municipality raise itself, as a part of its budget per resident",
        source=f"{TSUDA}, note 3: 'and the authority to raise funds locally'; the amount is an assumption")
    desk_cost: float = number(100.0, "A desk's full work", "A12", unit="yen per resident a year", low=1.0,
        high=10_000.0,
        meaning="money of the project that keeps a city's international desk as busy as it can be")
    desk_grows: float = share(0.1, "A desk grows", "A12",
        meaning="part of the way to a full international desk that a year of full work brings")
    desk_fades: float = share(0.1, "A desk fades", "A12",
        meaning="part of what work has built up of an international desk that goes in a year without")
    proposals: float = number(1.0, "Money for proposals", "B4", unit="factor", high=10.0,
        meaning="how much more of the fund a fully motivated city gets, for its proposals, than an idle one of "
        "the same size",
        source=f"assumption, after {TSUDA}: 'their proposed projects, and their political leverage'")
    leverage: float = number(1.0, "Money for leverage", "B4", unit="factor", high=10.0,
        meaning="how much more of the fund the city with most political leverage gets",
        source=f"assumption, after {TSUDA}: 'their proposed projects, and their political leverage'")
    programme: float = number(0.05, "National programme", "A6", unit="level", high=1.0,
        meaning="level of the nation's own uniform programme (shelters, human-rights bureau), the same "
        "everywhere")
    programme_fit: float = probability(0.5, "Fit of the programme", "A6",
        meaning="chance that the uniform programme at full level meets a need of the largest group: less fitted than a "
        "local one",
        source=f"assumption, after {TSUDA}: one-size-fits-all programmes are less sensitive")
    one_size: float = share(0.5, "One size for all", "A6",
        meaning="how far the uniform programme misses the needs of a group of which hardly anybody is in the country",
        source=f"assumption, after {TSUDA}: not 'sufficiently sensitive to the needs of specific immigrant groups or "
        "localities'")
    programme_open: str = parameter("anyone", "Programme open to", "A6", unit="lowest rung",
        choices=RIGHT_HOLDERS,
        meaning="lowest rung that may use the uniform programme",
        source=f"{TSUDA}: open to all, but the undocumented are 'reluctant to come to the attention of federal "
        "authorities'")
    relief_hospitals: float = share(0.0, "Relief for hospitals", "A7",
        meaning="part of the cost of emergency care that the nation pays back",
        source=f"{TSUDA}: since 1996 part of hospitals' unpaid bills")
    relief_teachers: float = share(0.0, "Relief for schools", "A7",
        meaning="part of what the level of schooling lacks that teachers whom the nation sends make good, where there "
        "are many foreign pupils",
        source=f"{TSUDA}: language teachers for schools with many foreign pupils")
    teachers_from: float = number(500.0, "Relief for schools from", "A7", unit="persons", high=100_000.0,
        meaning="migrants on a municipality's register from which its schools count as having many foreign pupils")


class Public(Section):
    """What natives perceive, and how neighbours react (A9, B9)."""

    media: float = number(1.0, "Media exaggeration", "A9", unit="factor", high=5.0,
        meaning="how the media amplify arrests, raids and campaigns into a perception of crime",
        source=f"assumption, after {TSUDA}: 'fueled by exaggerated media reporting'")
    alarm: float = number(3000.0, "Events that alarm", "A9", unit="arrests a month", low=1.0, high=1e6,
        meaning="arrests of foreigners a month in the whole country that take, told as they are, half of public "
        "attention")
    habit: float = number(36.0, "Months to be used to it", "A9", unit="months", low=2.0, high=600.0,
        meaning="time in which attention, as much as news takes, becomes what is usual (63% of the way)")
    sells: float = number(6.0, "Concern sells", "A9", unit="factor", high=10.0,
        meaning="how much louder the media tell what happens where concern is all there can be",
        source="assumption: that concern, once raised, lasts some years")
    answered: float = number(5.0, "Media are answered", "A9, C8", unit="workers per 1,000 migrants", low=0.01,
        high=1_000.0,
        meaning="workers of NGOs, for each thousand migrants in the country, who answer half of what the media "
        "exaggerate")
    raids: float = number(0.1, "Raids in the news", "A9", unit="factor", high=5.0,
        meaning="how much a raid adds to the perception of crime, beside an arrest")
    campaign: float = number(3.0, "News of a campaign", "A9", unit="alarms", high=20.0,
        meaning="what harder enforcement or a crackdown adds to the news when it is announced, by the part of "
        "enforcement that is new; 1 as much as arrests that alarm",
        source=f"assumption, after {TSUDA}: concern is 'fueled by the government and media'")
    told: float = number(84.0, "Months of a campaign", "A9", unit="months", low=1.0, high=120.0,
        meaning="time in which a campaign ceases to be told (63% of the way), as it is carried out step by step")
    memory: float = number(18.0, "Months of concern", "A9", unit="months", low=1.0, high=120.0,
        meaning="time that the public looks back, in which news is noticed (63% of the way)")
    concerned_half: float = number(0.2, "Half of concern", "A9", unit="share of attention", low=0.001, high=1.0,
        meaning="attention to crime, beyond what is usual, at which concern is half of what it can be")
    weary: float = number(60.0, "Months to weary", "A9, A4", unit="months", low=1.0, high=600.0,
        meaning="time in which what a crackdown costs takes concern away (63% of the way), and in which that passes")
    response: float = number(0.3, "Response to fear of crime", "A9", unit="factor", high=3.0,
        meaning="how far full perception of crime raises apprehension")
    hostility: float = number(0.3, "Hostility", "A9, B9", unit="tension", high=1.0,
        meaning="neighbourly tension that full perception of crime adds where prejudice is as usual")
    inflow: float = number(0.6, "Tension by inflow", "B9", unit="tension", high=2.0,
        meaning="tension where migrants gain as much in a year as strains neighbours in full")
    inflow_full: float = share(0.01, "Inflow that strains most", "B9", low=0.0001,
        meaning="gain of migrants in the share of residents, within a year, that strains neighbours in full")
    neglect: float = number(0.3, "Neglect", "B9", unit="tension", high=2.0,
        meaning="tension where needs go unmet more often than can be counted",
        source=f"assumption, after {TSUDA}: 'social needs that cannot be neglected without negative social "
        "repercussions on the surrounding community'")
    neglect_half: float = number(10.0, "Needs that strain by half", "B9", unit="needs per 1,000 residents a year",
        low=0.1, high=1_000.0,
        meaning="unmet needs a year, for each thousand residents, that strain neighbours half as much as neglect can")
    exchange: float = share(0.5, "Exchange against tension", "B9, B12",
        meaning="part of tension, and of prejudice, that exchange events at full level take away; and of the rest, "
        "each other service at which natives and migrants meet")
    integration: float = number(3.0, "Integration of migrants", "B9", unit="factor", high=5.0,
        meaning="part of tension taken away for each part of migrants that takes part in sustained programmes")
    outcry: float = number(1.0, "Hostile voices", "B9", unit="factor", high=5.0,
        meaning="how loudly people of usual prejudice speak against migrants in a city in full heat, by tension and "
        "raids, against NGOs at full strength who speak for them")
    acquaintance: float = share(0.35, "Settled voices", "B9",
        meaning="how loudly migrants speak for themselves where a city answers conflict if all on the register have "
        "settled, against NGOs at full strength",
        source=f"assumption, after {TSUDA}: 'treating foreign workers as settled residents and local citizens'")
    prejudice: float = number(0.2, "Prejudice", "B12, D1", unit="factor", high=2.0,
        meaning="how far usual prejudice of landlords, businesses and employers raises refusals of housing, disputes "
        "and abuse, apart from tension",
        source=f"assumption, after {TSUDA}: 'local businesses or landlords that discriminate against foreigners'")
    prejudice_lag: float = number(60.0, "Months of prejudice", "B12, A9", unit="months", low=1.0, high=600.0,
        meaning="time in which prejudice follows what breeds it or wears it off (63% of the way)")
    discrimination: float = number(1.0, "Discrimination", "B9, D1", unit="factor", high=3.0,
        meaning="how far full tension raises refusals of housing, disputes and abuse")
    ordinance: float = share(0.6, "Ordinance: prevention", "B1, B9",
        meaning="part of that discrimination which an anti-discrimination ordinance at full level prevents")


class Voice(Section):
    """Fit of services to needs, advocacy, mobilisation (B8, C8, D12)."""

    fit_unheard: float = number(0.85, "Fit without a say", "B8", unit="factor", high=1.0,
        meaning="fit of a city's services to needs when immigrants have no say",
        source=f"assumption, after {TSUDA}: run 'with limited immigrant input'")
    council: float = share(0.8, "Council's effect on fit", "B8",
        meaning="part of the lacking fit that an advisory council at full level makes good for those with a seat in it")
    seats: int = number(3, "Seats in the council", "B8", unit="groups", high=20,
        meaning="groups of compatriots, the largest first, of whom the settled are heard through an advisory council")
    practice: float = share(0.1, "Learning by practice", "B8",
        meaning="part of the lacking fit that a year's practice makes good in a city that offers everything, by its "
        "own design; it fades over the years")
    surveys: float = probability(0.1, "Surveys of needs", "B8", per="year",
        meaning="chance that a fully motivated city surveys its foreign residents' needs")
    survey_gain: float = share(0.4, "Gain of a survey", "B8",
        meaning="part of the lacking fit that a survey makes good; it fades over the years")
    fading: float = share(0.2, "What was learnt fades", "B8",
        meaning="part of what an office has learnt of needs that is out of date a year later")
    agenda: float = number(1.0, "Say on the agenda", "B8", unit="added factor", high=3.0,
        meaning="how much more readily a city takes up the service that answers the most frequent unmet need, where "
        "immigrants are fully heard")
    state: float = number(0.00001, "Lobbying of the state", "C8", unit="per worker and year", high=0.01,
        meaning="how each NGO worker's lobbying of the state frees officials of the duty to report")
    opening: float = probability(0.1, "Lobbying of the city", "C8", per="year",
        meaning="chance that NGOs at full strength win the opening of a service to the unauthorised, or a firewall, "
        "from a city as keen as the keenest, where all who lack it are people whom no office serves")
    cases: float = number(0.05, "Cases in court", "C8", unit="per worker and year", high=2.0,
        meaning="cases that each worker of a lawyers' or union NGO brings to court over the rights of migrants")
    won: float = probability(0.5, "Cases won", "C8",
        meaning="chance that a court decides for the migrants")
    precedent: float = number(15.0, "Judgments that count", "C8", unit="judgments", low=0.1, high=1_000.0,
        meaning="judgments won on the same ground that make good half of what a right on paper lacks")
    setback: float = number(0.5, "Weight of a case lost", "C8", unit="judgments", high=10.0,
        meaning="judgments on the same ground that one case lost does away with")
    forgotten: float = share(0.03, "Precedents forgotten", "C8",
        meaning="part of what has been won in court that is out of use a year later")
    lapse: float = probability(0.2, "Openings lost again", "C8", per="year",
        meaning="chance that a city takes back an opening or a firewall that was not its own to give, where no NGO is "
        "in reach any more")
    withdrawn: float = share(0.1, "Leeway withdrawn", "C8, A9",
        meaning="part of officials' leeway not to report that a public in full fear of crime takes back in a year")
    monitoring: float = share(0.3, "Unions watch employers", "C8",
        meaning="part of accidents, disputes and unpaid wages prevented where employers are watched throughout")
    watch: float = number(0.5, "Workers who watch", "C8", unit="workers per 1,000 migrants", low=0.01, high=100.0,
        meaning="workers of unions for each thousand migrants in a place who watch half of its employers")
    mobilise: float = probability(0.05, "Mobilisation", "D12",
        meaning="chance that a settler who has gone without help, once helped by an NGO, joins its "
        "claims-making")
    rooted: float = number(5.0, "Years to speak up", "D12", unit="years", low=0.1, high=40.0,
        meaning="years in the country from which people speak up as readily as they ever will; before, in proportion")
    mobilised_weight: float = number(20.0, "Weight of the mobilised", "D12, C8", unit="factor", high=200.0,
        meaning="weight of the share of mobilised migrants in lobbying, beside NGO staff")


class Language(Section):
    """Host-language and cultural competence, 0 to 1, and what stands in for it (D6)."""

    learning: float = number(0.008, "Language learning", "D6", unit="a month", high=0.1,
        meaning="part of the distance to full competence covered in a month in the country")
    classes: float = number(0.03, "Learning in class", "D6", unit="a month", high=0.2,
        meaning="the same, added while in a language class")
    enclave: float = share(0.5, "Enclave slows learning", "D6",
        meaning="how far life in an enclave slows learning")
    full_enclave: float = number(0.02, "Share of an enclave", "D6, D14", unit="share of residents", low=0.002, high=0.5,
        meaning="compatriots' share of residents at which one lives and works among one's own",
        source=f"assumption, after {TSUDA}: 'highly visible immigrant communities'. P42 counts them from here: its 4% "
        "are of the register, which has twice the people simulated")
    enclave_size: float = number(500.0, "Size of an enclave", "D6, D14", unit="persons", low=1.0, high=1e5,
        meaning="compatriots whom shops, churches and media of their own take: where they are fewer, an enclave is the "
        "less of one",
        source=f"assumption, after {TSUDA}: 'a vast array of ethnic businesses, churches, employment agencies, and "
        "ethnic media'")
    barrier: float = share(0.4, "Language barrier", "D6",
        meaning="part of the claims on offices that fail for someone with no competence and no help")
    interpreters: float = share(0.7, "Interpreters", "D6, B1",
        meaning="part of the barrier that translation and information at full level remove")
    enclave_help: float = share(0.4, "Compatriots interpret", "D6",
        meaning="part of the barrier that fellow nationals who speak for one remove, in an enclave")
    prerequisite: float = share(0.5, "Language to take part", "D6",
        meaning="how far lack of competence keeps people out of sustained programmes",
        source=f"assumption, after {TSUDA}: 'a certain amount of cultural citizenship may be a prerequisite'")
