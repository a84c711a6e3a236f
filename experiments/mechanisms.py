"""The mechanisms of Tsuda (2008) that the model holds: name, the article's claim, and how to switch each off.

The one list of them. Where a rule is, what drives it and what tests it are read off the code by
`mechanism_table`. `SWITCHES` has, for each mechanism of groups A to D, the settings without it; `TURNED_ON`
has settings that bring in what Japan's scenario leaves out (a policy of integration, an amnesty). Group E
holds measures: nothing to switch off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..scenarios import Scenario
from ..scenarios.catalogue import DOORS, NEEDS, NGO_KINDS, SERVICES
from ..scenarios.scenario import regimes_of

Settings = Mapping[str, Any]

GROUPS = {
    "A": "The state: formal citizenship",
    "B": "Municipalities: local citizenship conferred",
    "C": "NGOs: the gap filled",
    "D": "Migrants: local citizenship claimed, or not",
    "E": "What is measured",
}


@dataclass(frozen=True)
class Mechanism:
    """One mechanism. `off`: the settings without it; `on`: settings that bring it in where it is off by
    default; `instead`: what to vary where there is nothing to switch off, or a remark on the switch.
    """

    id: str
    name: str
    claim: str
    off: Settings = field(default_factory=dict)
    on: Settings = field(default_factory=dict)
    instead: str = ""

    @property
    def is_measure(self) -> bool:
        """Whether it is something measured rather than something that happens."""
        return self.id.startswith("E")


def _each(section: str, names: tuple[str, ...], **values: Any) -> dict[str, Any]:
    """The same values for every entry of a keyed section."""
    return {f"{section}.{name}.{key}": value for name in names for key, value in values.items()}


_STAYERS = tuple(door for door in DOORS if door not in ("visitor", "smuggled"))
_SIDE = ("coethnic", "trainee", "student", "entertainer")

MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(
        "A1",
        "Ladder of formal status",
        "citizens have most rights, the unauthorised least; on paper they do not vary by place",
        off=_each("needs", NEEDS, right="nobody"),
        instead="the ladder itself is structure; off, no rung holds a right. Vary needs.<name>.right",
    ),
    Mechanism(
        "A2",
        "Three doors of entry",
        "the unskilled are kept out of the front door and come by side and back doors",
        off=_each("doors", _SIDE, initial=0.0, arrivals=0.0),
        instead="doors are structure; off, the side doors are shut. Vary doors.<name>.arrivals",
    ),
    Mechanism(
        "A3",
        "Status transitions",
        "permits run out, few become denizens or citizens; more did after the relaxation",
        off={
            "status.permanent_rate": 0.0,
            "status.marriage": 0.0,
            "status.naturalise_apply": 0.0,
            "status.amnesty": 0.0,
            **_each("doors", _STAYERS, overstay=0.0, runaway=0.0, outside_activity=0.0),
        },
        on={"status.amnesty": 0.02, "status.amnesty_after": 36},
        instead="visitors overstay even so: that is their door of entry (A2)",
    ),
    Mechanism(
        "A4",
        "Enforcement",
        "control comes first: apprehension, deportation, crackdowns, officials who must report",
        off={
            "enforcement.apprehension": 0.0,
            "enforcement.halve_in": 0.0,
            "enforcement.duty_to_report": 0.0,
        },
    ),
    Mechanism(
        "A5",
        "National integration policy",
        "none in Japan and Korea; declared and delegated in Italy and Spain, where gaps remain",
        off={"policy.declared": 0.0, "policy.guidance": 0.0, "policy.fund": 0.0},
        on={"policy.declared": 0.2, "policy.guidance": 0.5, "policy.standard": 0.6, "policy.fund": 28_000.0},
        instead="off in japan: see the scenarios delegated-funding and national-standard",
    ),
    Mechanism(
        "A6",
        "Uniform national programmes",
        "the same everywhere, less sensitive to local need, avoided by those who fear the state",
        off={"policy.programme": 0.0},
    ),
    Mechanism(
        "A7",
        "National relief",
        "hospitals' unpaid bills and language teachers take a little load off localities",
        off={"policy.relief_hospitals": 0.0, "policy.relief_teachers": 0.0},
        on={"policy.relief_hospitals": 0.3, "policy.relief_teachers": 0.3},
    ),
    Mechanism(
        "A8",
        "Family admission",
        "only co-ethnics may bring families, and they are the most settled",
        off={**_each("doors", DOORS, family_joins=0.0), "doors.coethnic.family": 0.0},
        on={"doors.coethnic.family_joins": 0.006, "doors.coethnic.family": 0.3},
        instead="off, nobody is admitted as family; those of other doors are families of nationals",
    ),
    Mechanism(
        "A9",
        "Perception of crime",
        "crackdowns answer a concern that the media feed, not crime that was measured",
        off={"public.media": 0.0},
    ),
    Mechanism(
        "A10",
        "Embedded labour demand",
        "demand for migrant labour outlasts the boom: the stock did not fall in the recession decade",
        off={"labour.embeddedness": 0.0},
        instead="off, arrivals follow the business cycle to the full",
    ),
    Mechanism(
        "B1",
        "A bundle of services",
        "some cities offer nearly everything, some brochures and classes, most next to nothing",
        off=_each("services", SERVICES, threshold=3.0),
        instead="the bundle is structure; off, no city reaches any threshold. Vary services.<name>.threshold",
    ),
    Mechanism(
        "B2",
        "Eligibility",
        "cities serve the registered; the unauthorised only in schools and, here and there, emergencies",
        off=_each("services", SERVICES, open_to_unauthorised=1.0),
        instead="off, every service is open to everybody",
    ),
    Mechanism(
        "B3",
        "Why a city acts",
        "size, dependence, prosperity, history, internationalisation, image, lobbying, fear of conflict",
        off={
            f"city.{cause}": 0.0
            for cause in (
                "size",
                "dependence",
                "prosperity",
                "history",
                "internationalisation",
                "image",
                "lobbying",
                "conflict",
            )
        },
        instead="each cause has its own weight, and can be switched off alone",
    ),
    Mechanism(
        "B4",
        "Budgets",
        "even willing cities lack revenue; central money goes by size, proposals and leverage",
        off={"city.revenue_limits": False},
    ),
    Mechanism(
        "B5",
        "Horizontal diffusion",
        "cities copy neighbours and their like, and vie with them, which evens out local citizenship",
        off={"city.neighbours": 0.0, "city.similar": 0.0, "city.rivalry": 0.0},
    ),
    Mechanism(
        "B6",
        "Regionalism",
        "regions with a history and identity of their own set their own baseline",
        off={"city.regionalism": 0.0},
    ),
    Mechanism(
        "B7",
        "Shirking and grants",
        "some cities lean on NGOs and do less themselves; some fund them",
        off={"city.shirking": 0.0, "ngos.grant": 0.0},
    ),
    Mechanism(
        "B8",
        "Fit of services to need",
        "programmes run without immigrants' voice miss what presses them; councils and surveys help",
        off={"voice.fit_unheard": 1.0, "voice.agenda": 0.0},
        instead="off, services fit without being told; voice.council and voice.surveys at 0 silence immigrants",
    ),
    Mechanism(
        "B9",
        "Neighbourly tension",
        "fast inflow strains neighbours, exchange and integration relieve: cities cannot look away",
        off={"public.inflow": 0.0, "public.hostility": 0.0},
    ),
    Mechanism(
        "C1",
        "Kinds of NGO",
        "citizens' groups, churches, women's groups, unions, medics, lawyers, immigrants: each its own cases",
        off={"ngos.enabled": False},
    ),
    Mechanism(
        "C2",
        "Whom NGOs serve first",
        "the unauthorised and most victimised, whom cities leave out; the legal as well",
        off={**_each("ngo_kinds", NGO_KINDS, legal_clients=1.0), "ngos.victims_first": 0.0},
    ),
    Mechanism(
        "C3",
        "One office, one locality",
        "most NGOs have one office; few have branches; the telephone reaches further, but weakly",
        off={"ngos.branches": 0.0, "ngos.telephone": 0.0, "ngos.hotline": 0.0},
        instead="one office and one locality are structure; off, there are no branches and no telephone either",
    ),
    Mechanism(
        "C4",
        "Finite capacity",
        "NGOs are short of money and staff, and turn people away",
        off={"ngos.limited": False},
        instead="off, nobody is turned away; money and staff are as they were",
    ),
    Mechanism(
        "C5",
        "Founding and closing",
        "NGOs arise where need goes unmet, and end when money or volunteers run out",
        off={"ngos.founding": 0.0, "ngos.burnout": 0.0, "ngos.debt": 100.0},
        instead="off, the NGOs of the start are there to the end; branches (C3) are still opened",
    ),
    Mechanism(
        "C6",
        "Specialisation",
        "many NGOs narrow themselves to one group or one issue",
        off={"ngos.specialised": 0.0},
    ),
    Mechanism(
        "C7",
        "Networks of NGOs",
        "shared expertise, joint fund-raising and referral even out quality across places",
        off={"ngos.network": 0.0, "ngos.referral": 0.0},
    ),
    Mechanism(
        "C8",
        "Advocacy",
        "NGOs lobby, go to court and watch employers, and widen who counts as a member",
        off={
            "voice.opening": 0.0,
            "voice.courts": 0.0,
            "voice.monitoring": 0.0,
            "voice.state": 0.0,
            "city.lobbying": 0.0,
        },
    ),
    Mechanism(
        "C9",
        "Paternalism and immigrant staff",
        "native-run NGOs decide what is good for others; immigrant-run ones know better and last less",
        off={"ngos.paternalism": 0.0, "ngos.transience": 0.0},
    ),
    Mechanism(
        "C10",
        "Episodic membership",
        "premiums stop after the illness, dues after the dispute",
        off={"ngos.membership": 0.0},
    ),
    Mechanism(
        "D1",
        "Needs come as episodes",
        "people come when a serious problem strikes and leave when it is solved",
        off=_each("needs", NEEDS, rate=0.0),
        instead="off, nothing strikes but arrest by the state (A4)",
    ),
    Mechanism(
        "D2",
        "Awareness",
        "most have not heard of the NGOs, and many do not know their rights",
        off={
            "awareness.state": 1.0,
            "awareness.arrival": 1.0,
            "awareness.search": 1.0,
            "awareness.kept_on_moving": 1.0,
        },
        instead="off, everyone knows their rights, is told on registering, and finds a provider at once",
    ),
    Mechanism(
        "D3",
        "Fear of apprehension",
        "the unauthorised keep away from government even when they know, less so from NGOs",
        off={"fear.weight": 0.0},
    ),
    Mechanism(
        "D4",
        "Sojourner against settler",
        "target earners save, work long hours and claim only necessities; some come to stay",
        off={
            **_each("needs", NEEDS, necessity=1.0),
            "claiming.insure_sojourner": 1.0,
            "claiming.join_sojourner": 1.0,
        },
        instead="off, sojourners claim as settlers do; settling.drift and doors.<name>.settlers set who is",
    ),
    Mechanism(
        "D5",
        "Belonging",
        "attachment to a place grows with time, part in it and good treatment, and is lost by moving",
        off={"belonging.growth": 0.0, "belonging.participation": 0.0, "belonging.treatment": 0.0},
        instead="off, nobody comes to belong, and so nobody joins; school places got by a claim remain",
    ),
    Mechanism(
        "D6",
        "Language and enclave",
        "a certain cultural citizenship comes first; fellow nationals stand in for it",
        off={"language.barrier": 0.0, "language.prerequisite": 0.0},
    ),
    Mechanism(
        "D7",
        "Three modes of claiming",
        "never, in an emergency, or in a sustained way: the last for few, mostly settled families",
        off={"claiming.join": 0.0},
        instead="off, nobody joins a programme; school places got by a claim remain",
    ),
    Mechanism(
        "D8",
        "Moving, and what it loses",
        "workers move from job to job and leave rights and services behind",
        off=_each("doors", DOORS, moving=0.0),
        instead="off, only a lost job (D10) makes people move; for the loss alone, set moving.entitlements_kept, "
        "awareness.kept_on_moving and belonging.kept_on_moving to 1",
    ),
    Mechanism(
        "D9",
        "Destination choice",
        "people go where jobs, wages and their own are; services are not what most move for",
        off={"moving.coethnics": 0.0, "moving.wages": 0.0, "moving.nearby": 0.0},
        on={"moving.services": 1.0},
        instead="off, jobs alone decide; moving.services switches the pull of services on",
    ),
    Mechanism(
        "D10",
        "Consequences of unmet need",
        "debt, worse health, a lost job, departure, and need that comes back",
        off=_each("needs", NEEDS, recurrence=0.0, debt=0, job_loss=0.0, departure=0.0, harm=0.0),
    ),
    Mechanism(
        "D11",
        "Leaving",
        "the sojourn is temporary: target reached, need unmet, caught, permit over, or home",
        off={
            "settling.extend": 1.0,
            **_each("doors", DOORS, leaving=0.0),
            **_each("needs", NEEDS, departure=0.0),
        },
        instead="those whose permit runs out (A3) or who are deported (A4) leave even so",
    ),
    Mechanism(
        "D12",
        "Mobilisation",
        "citizenship is also performed: a few of the settled and wronged make claims with NGOs",
        off={"voice.mobilise": 0.0},
    ),
    Mechanism(
        "E1",
        "Formal against substantive citizenship",
        "rights on paper are not yet rights in fact",
        instead="measured of any run; vary needs.<name>.right",
    ),
    Mechanism(
        "E2",
        "Unevenness",
        "local citizenship differs from city to city, even within one nation",
        instead="measured of any run; compare no-diffusion and national-standard",
    ),
    Mechanism(
        "E3",
        "Take-up",
        "those entitled do not all know, dare or ask",
        instead="measured of any run; compare informed-arrivals and firewall",
    ),
    Mechanism(
        "E4",
        "Modes of claiming, measured",
        "only a small minority takes part in programmes",
        instead="vary claiming.sustained_after, the months after which taking part counts",
    ),
    Mechanism(
        "E5",
        "Who fills",
        "city, NGO, nation or nobody meets the need",
        instead="measured of any run; compare no-ngos",
    ),
    Mechanism(
        "E6",
        "Portability loss",
        "who moves loses the rights and services of the place left",
        instead="measured of any run; compare portable-rights",
    ),
    Mechanism(
        "E7",
        "Diffusion, measured",
        "sharing programmes makes cities more alike",
        instead="measured of any run; compare no-diffusion",
    ),
    Mechanism(
        "E8",
        "Harms",
        "needs that nobody meets, for each 1,000 person-years",
        instead="measured of any run; compare crackdown",
    ),
    Mechanism(
        "E9",
        "Collaboration",
        "cities do less, or more, where NGOs are at work",
        instead="measured of any run; vary city.shirking and ngos.grant",
    ),
)

BY_ID: dict[str, Mechanism] = {mechanism.id: mechanism for mechanism in MECHANISMS}
SWITCHES: dict[str, dict[str, Any]] = {m.id: dict(m.off) for m in MECHANISMS if m.off}
TURNED_ON: dict[str, dict[str, Any]] = {m.id: dict(m.on) for m in MECHANISMS if m.on}


def held(scenario: Scenario, settings: Settings) -> Scenario:
    """The scenario with these settings from its first month to its last.

    Unlike `--set`, which dated changes overtake: they are left out for these parameters. Errors: pydantic's
    ValidationError for a parameter that is unknown or a value out of range.
    """
    timeline = [change for change in scenario.timeline if change.path not in settings]
    values = scenario.parameters.model_dump()
    for path, value in settings.items():
        *heads, last = path.split(".")
        inner = values
        for name in heads:
            inner = inner[name]
        if last not in inner:
            raise KeyError(f"there is no parameter {path}")
        inner[last] = value
    regimes = regimes_of(values, timeline)
    layers = {**scenario.layers, **dict.fromkeys(settings, "held")}
    return replace(scenario, timeline=timeline, regimes=regimes, layers=layers)


def switched_off(scenario: Scenario, mechanism: str) -> Scenario:
    """The scenario without a mechanism, for the whole run. Errors: KeyError for one without a switch."""
    return held(scenario, SWITCHES[mechanism])
