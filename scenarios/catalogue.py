"""The names of the model: statuses, doors, services, needs, kinds of NGO, providers, reasons, modes.

Every list below is a fixed order: the position of a name is the number that records and tables hold.
The wording follows Tsuda (2008); the comment beside a list says where in the article it comes from.
"""

from __future__ import annotations

from .schema import SHIPPED
from .schema.doors import DOOR_KINDS as DOOR_KINDS
from .schema.needs import RIGHT_HOLDERS as RIGHT_HOLDERS
from .schema.needs import RISKS as RISKS

# A1/A2: the ladder of formal status. "irregular" holds a visa but works outside its activity; with the
# overstayers and the smuggled it makes up what the article counts as unauthorised.
STATUSES = ("citizen", "denizen", "legal", "irregular", "overstayer", "smuggled")
CITIZEN, DENIZEN, LEGAL, IRREGULAR, OVERSTAYER, SMUGGLED = range(6)
UNAUTHORISED = (IRREGULAR, OVERSTAYER, SMUGGLED)

# The rung on which formal rights depend: an irregular worker keeps the rights of the visa held.
RUNGS = ("citizen", "denizen", "legal", "unauthorised")
RUNG_OF_STATUS = (0, 1, 2, 2, 3, 3)

# A2: categories of entry and the door each belongs to.
DOORS = SHIPPED.doors.names
SKILLED_DOOR, COETHNIC, TRAINEE, STUDENT, ENTERTAINER, WORKER, VISITOR, SMUGGLED_DOOR = range(8)
DOOR_KIND_OF = {name: door.kind for name, door in SHIPPED.doors.items()}

# B1: the bundle of services a municipality may offer ("providing foreign workers with language classes and
# translation services, information handbooks and pamphlets, consultation services ...").
SERVICES = SHIPPED.services.names
(
    INFORMATION,
    EXCHANGE,
    LANGUAGE,
    REGISTRATION,
    INSURANCE,
    EMERGENCY,
    HOUSING,
    SCHOOLING,
    CONSULTATION,
    COUNCIL,
    ORDINANCE,
) = range(11)

# D7: programmes that "require some ongoing commitment"; the insurance is an enrolment, not participation.
SUSTAINED_PROGRAMMES = SHIPPED.services.having("programme")

# D1: what strikes a migrant.
NEEDS = SHIPPED.needs.names
(
    ACCIDENT,
    ILLNESS,
    DISPUTE,
    WAGES,
    ABUSE,
    EVICTION,
    ARREST,
    BIRTH,
    SCHOOL_PLACE,
    PAPERS,
) = range(10)

RISK_OF_NEED = {name: need.risk for name, need in SHIPPED.needs.items()}
FAMILY_NEEDS = SHIPPED.needs.having("family_only")


def _city_answers(need: str) -> tuple[str | None, ...]:
    """The first and the second service that answer a need, each None if there is none."""
    answering = [
        (service.turn, name) for name, service in SHIPPED.services.items() if need in service.answers
    ]
    return (*(name for _, name in sorted(answering)), None, None)[:2]


CITY_ANSWERS = {need: _city_answers(need) for need in NEEDS}

NGO_KINDS = SHIPPED.ngo_kinds.names
NGO_ANSWERS = {name: kind.answers for name, kind in SHIPPED.ngo_kinds.items()}

# E5: who met the need.
PROVIDERS = ("nobody", "city", "ngo", "nation")
NOBODY, CITY, NGO, NATION = range(4)

# D11: why someone left.
REASONS = ("target", "expiry", "unmet", "deported", "return")
TARGET_REACHED, EXPIRY, UNMET, DEPORTED, RETURN = range(5)

# D7/E4: how someone claims.
MODES = ("never", "episodic", "sustained")
NEVER, EPISODIC, SUSTAINED = range(3)

# What a recorded life is made of (the `event` column of the ledger's events).
EVENTS = (
    "arrived",
    "present",
    "need",
    "learned_city",
    "learned_ngo",
    "asked",
    "served",
    "refused",
    "turned_away",
    "afraid",
    "unwilling",
    "ineligible",
    "gave_up",
    "consequence",
    "moved",
    "lost",
    "joined",
    "quit",
    "insured",
    "insurance_lapsed",
    "settled",
    "extended",
    "status",
    "apprehended",
    "released",
    "deported",
    "left",
)
# `detail` of an event "asked": not an office of the state, but the health insurance that came with the job.
BY_JOB = 1
