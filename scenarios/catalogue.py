"""The names of the model: fixed lists (statuses, providers, reasons, modes, what a life is made of), and the names of
the shipped services, needs, doors and kinds of NGO, for code that means just these.

In a fixed list the position of a name is the number that records and tables hold. What a scenario's own entries are
is told by its parameters (see `schema/entries.py`), never by a position here. The wording follows Tsuda (2008); the
comment beside a list says where in the article it comes from.
"""

from __future__ import annotations

from .schema import SHIPPED
from .schema.needs import RIGHT_HOLDERS as RIGHT_HOLDERS

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

# B1: the bundle of services a municipality may offer ("providing foreign workers with language classes and
# translation services, information handbooks and pamphlets, consultation services ...").
SERVICES = SHIPPED.services.names
(
    INFORMATION, EXCHANGE, LANGUAGE, REGISTRATION, INSURANCE, EMERGENCY, HOUSING, SCHOOLING, CONSULTATION, COUNCIL,
    ORDINANCE,
) = range(11)  # fmt: skip

# D1: what strikes a migrant.
NEEDS = SHIPPED.needs.names
ACCIDENT, ILLNESS, DISPUTE, WAGES, ABUSE, EVICTION, ARREST, BIRTH, SCHOOL_PLACE, PAPERS = range(10)

NGO_KINDS = SHIPPED.ngo_kinds.names

# E5: who met the need. "nation" is the state's own offices; "job" the insurance that its law attaches to a job;
# "informal" are compatriots, congregations and ethnic businesses.
PROVIDERS = ("nobody", "city", "ngo", "nation", "job", "informal")
NOBODY, CITY, NGO, NATION, JOB, INFORMAL = range(6)

# D11: why someone left.
REASONS = ("target", "expiry", "unmet", "deported", "return")
TARGET_REACHED, EXPIRY, UNMET, DEPORTED, RETURN = range(5)

# D7/E4: how someone claims.
MODES = ("never", "episodic", "sustained")
NEVER, EPISODIC, SUSTAINED = range(3)

# What a recorded life is made of (the `event` column of the ledger's events).
EVENTS = (
    "arrived", "present", "need", "learned_city", "learned_ngo", "asked", "served", "refused", "turned_away", "afraid",
    "unwilling", "ineligible", "gave_up", "consequence", "moved", "lost", "joined", "quit", "insured",
    "insurance_lapsed", "settled", "extended", "status", "apprehended", "released", "deported", "left",
    "laid_off", "found_work",
)  # fmt: skip
