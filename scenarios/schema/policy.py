"""Parameters of national policy beyond control: integration policy, money, programmes, relief, perception."""

from __future__ import annotations

from .needs import RIGHT_HOLDERS
from .parameter import Section, parameter

TSUDA = "Tsuda 2008"


# Set by hand: a parameter's figures stand on one line, its meaning and its source on the next.
# fmt: off


class Policy(Section):
    """What the nation does for integration (A5 to A7). Japan and Korea: nothing declared, no money."""

    declared: float = parameter(
        0.0, label="Declared integration", unit="motivation", low=0.0, high=1.0, mechanism="A5",
        meaning="encouragement every city takes from a declared national policy of integration",
        source=f"{TSUDA}: none in Japan and Korea, declared and delegated in Italy and Spain",
    )
    guidance: float = parameter(
        0.0, label="National guidance", unit="share", low=0.0, high=1.0, mechanism="A5",
        meaning="how far national guidance replaces the level a city wants by the national standard",
    )
    standard: float = parameter(
        0.5, label="National standard", unit="level", low=0.0, high=1.0, mechanism="A5",
        meaning="the level national guidance asks for, in every city alike",
    )
    fund: float = parameter(
        0.0, label="Central money", unit="million yen a year", low=0.0, high=1_000_000.0, mechanism="A5, B4",
        meaning="central money for the cities' immigrant programmes",
        source=f"{TSUDA}: none in Japan",
    )
    proposals: float = parameter(
        1.0, label="Money for proposals", unit="factor", low=0.0, high=10.0, mechanism="B4",
        meaning="how much more of the fund a fully motivated city gets, for its proposals, than an idle one of "
        "the same size",
        source=f"assumption, after {TSUDA}: 'their proposed projects, and their political leverage'",
    )
    leverage: float = parameter(
        1.0, label="Money for leverage", unit="factor", low=0.0, high=10.0, mechanism="B4",
        meaning="how much more of the fund the city with most political leverage gets",
        source=f"assumption, after {TSUDA}: 'their proposed projects, and their political leverage'",
    )
    programme: float = parameter(
        0.05, label="National programme", unit="level", low=0.0, high=1.0, mechanism="A6",
        meaning="level of the nation's own uniform programme (shelters, human-rights bureau), the same "
        "everywhere",
    )
    programme_fit: float = parameter(
        0.5, label="Fit of the programme", unit="probability", low=0.0, high=1.0, mechanism="A6",
        meaning="chance that the uniform programme at full level meets a need: less fitted than a local one",
        source=f"assumption, after {TSUDA}: one-size-fits-all programmes are less sensitive",
    )
    programme_open: str = parameter(
        "anyone", label="Programme open to", unit="lowest rung", choices=RIGHT_HOLDERS, mechanism="A6",
        meaning="lowest rung that may use the uniform programme",
        source=f"{TSUDA}: open to all, but the undocumented are 'reluctant to come to the attention of federal "
        "authorities'",
    )
    relief_hospitals: float = parameter(
        0.0, label="Relief for hospitals", unit="share", low=0.0, high=1.0, mechanism="A7",
        meaning="part of the cost of emergency care that the nation pays back",
        source=f"{TSUDA}: since 1996 part of hospitals' unpaid bills",
    )
    relief_teachers: float = parameter(
        0.0, label="Relief for schools", unit="share", low=0.0, high=1.0, mechanism="A7",
        meaning="part of the cost of schooling the nation pays where there are many foreign pupils",
        source=f"{TSUDA}: language teachers for schools with many foreign pupils",
    )
    teachers_from: float = parameter(
        500.0, label="Relief for schools from", unit="persons", low=0.0, high=100_000.0, mechanism="A7",
        meaning="migrants in a municipality from which its schools count as having many foreign pupils",
    )


class Public(Section):
    """What natives perceive, and how neighbours react (A9, B9)."""

    media: float = parameter(
        1.0, label="Media exaggeration", unit="factor", low=0.0, high=5.0, mechanism="A9",
        meaning="how the media amplify the share of unauthorised migrants into a perception of crime",
        source=f"assumption, after {TSUDA}: 'fueled by exaggerated media reporting'",
    )
    response: float = parameter(
        0.4, label="Response to fear of crime", unit="factor", low=0.0, high=3.0, mechanism="A9",
        meaning="how far full perception of crime raises apprehension",
    )
    hostility: float = parameter(
        0.3, label="Hostility", unit="tension", low=0.0, high=1.0, mechanism="A9, B9",
        meaning="neighbourly tension that full perception of crime adds everywhere",
    )
    inflow: float = parameter(
        0.6, label="Tension by inflow", unit="tension", low=0.0, high=2.0, mechanism="B9",
        meaning="tension where migrants gain one point of residents in a year",
    )
    exchange: float = parameter(
        0.3, label="Exchange against tension", unit="tension", low=0.0, high=1.0, mechanism="B9",
        meaning="tension that exchange events at full level take away",
    )
    integration: float = parameter(
        1.0, label="Integration of migrants", unit="tension", low=0.0, high=5.0, mechanism="B9",
        meaning="tension taken away if all migrants took part in sustained programmes",
    )
    discrimination: float = parameter(
        1.0, label="Discrimination", unit="factor", low=0.0, high=3.0, mechanism="B9, D1",
        meaning="how far full tension raises refusals of housing, disputes and abuse",
    )
    ordinance: float = parameter(
        0.6, label="Ordinance: prevention", unit="share", low=0.0, high=1.0, mechanism="B1, B9",
        meaning="part of that discrimination which an anti-discrimination ordinance at full level prevents",
    )


class Voice(Section):
    """Fit of services to needs, advocacy, mobilisation (B8, C8, D12)."""

    fit_unheard: float = parameter(
        0.85, label="Fit without a say", unit="factor", low=0.0, high=1.0, mechanism="B8",
        meaning="fit of a city's services to needs when immigrants have no say",
        source=f"assumption, after {TSUDA}: run 'with limited immigrant input'",
    )
    council: float = parameter(
        0.8, label="Council's effect on fit", unit="share", low=0.0, high=1.0, mechanism="B8",
        meaning="part of the lacking fit that an advisory council at full level makes good",
    )
    surveys: float = parameter(
        0.1, label="Surveys of needs", unit="probability a year", low=0.0, high=1.0, mechanism="B8",
        meaning="chance that a fully motivated city surveys its foreign residents' needs",
    )
    survey_gain: float = parameter(
        0.4, label="Gain of a survey", unit="share", low=0.0, high=1.0, mechanism="B8",
        meaning="part of the lacking fit that a survey makes good; it fades over the years",
    )
    agenda: float = parameter(
        1.0, label="Say on the agenda", unit="added factor", low=0.0, high=3.0, mechanism="B8",
        meaning="how much more readily a city takes up the service that answers the most frequent unmet need, where "
        "immigrants are fully heard",
    )
    state: float = parameter(
        0.00001, label="Lobbying of the state", unit="per worker and year", low=0.0, high=0.01, mechanism="C8",
        meaning="how each NGO worker's lobbying of the state frees officials of the duty to report",
    )
    opening: float = parameter(
        0.03, label="Lobbying of the city", unit="probability a year", low=0.0, high=1.0, mechanism="C8",
        meaning="chance that NGOs at full strength win the opening of a service to the unauthorised, or a "
        "firewall, from their city",
    )
    courts: float = parameter(
        0.0002, label="Rights through courts", unit="per worker and year", low=0.0, high=0.05, mechanism="C8",
        meaning="how each worker of a lawyers' or union NGO advances rights through the courts",
    )
    monitoring: float = parameter(
        0.3, label="Unions watch employers", unit="share", low=0.0, high=1.0, mechanism="C8",
        meaning="part of accidents, disputes and unpaid wages prevented where unions monitor employers at "
        "full strength",
    )
    mobilise: float = parameter(
        0.05, label="Mobilisation", unit="probability", low=0.0, high=1.0, mechanism="D12",
        meaning="chance that a settler who has gone without help, once helped by an NGO, joins its "
        "claims-making",
    )
    mobilised_weight: float = parameter(
        20.0, label="Weight of the mobilised", unit="factor", low=0.0, high=200.0, mechanism="D12, C8",
        meaning="weight of the share of mobilised migrants in lobbying, beside NGO staff",
    )


class Language(Section):
    """Host-language and cultural competence, 0 to 1, and what stands in for it (D6)."""

    learning: float = parameter(
        0.008, label="Language learning", unit="a month", low=0.0, high=0.1, mechanism="D6",
        meaning="part of the distance to full competence covered in a month in the country",
    )
    classes: float = parameter(
        0.03, label="Learning in class", unit="a month", low=0.0, high=0.2, mechanism="D6",
        meaning="the same, added while in a language class",
    )
    enclave: float = parameter(
        0.5, label="Enclave slows learning", unit="share", low=0.0, high=1.0, mechanism="D6",
        meaning="how far life in an enclave slows learning",
    )
    barrier: float = parameter(
        0.4, label="Language barrier", unit="share", low=0.0, high=1.0, mechanism="D6",
        meaning="part of the claims on offices that fail for someone with no competence and no help",
    )
    interpreters: float = parameter(
        0.7, label="Interpreters", unit="share", low=0.0, high=1.0, mechanism="D6, B1",
        meaning="part of the barrier that translation and information at full level remove",
    )
    enclave_help: float = parameter(
        0.4, label="Compatriots interpret", unit="share", low=0.0, high=1.0, mechanism="D6",
        meaning="part of the barrier that fellow nationals who speak for one remove, in an enclave",
    )
    prerequisite: float = parameter(
        0.5, label="Language to take part", unit="share", low=0.0, high=1.0, mechanism="D6",
        meaning="how far lack of competence keeps people out of sustained programmes",
        source=f"assumption, after {TSUDA}: 'a certain amount of cultural citizenship may be a prerequisite'",
    )
