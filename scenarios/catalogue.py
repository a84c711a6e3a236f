"""The names of the model: statuses, doors, services, needs, kinds of NGO, providers, reasons, modes.

Every list below is a fixed order: the position of a name is the number that records and tables hold.
The wording follows Tsuda (2008); the comment beside a list says where in the article it comes from.
"""

from __future__ import annotations

# A1/A2: the ladder of formal status. "irregular" holds a visa but works outside its activity; with the
# overstayers and the smuggled it makes up what the article counts as unauthorised.
STATUSES = ("citizen", "denizen", "legal", "irregular", "overstayer", "smuggled")
CITIZEN, DENIZEN, LEGAL, IRREGULAR, OVERSTAYER, SMUGGLED = range(6)
UNAUTHORISED = (IRREGULAR, OVERSTAYER, SMUGGLED)

# The rung on which formal rights depend: an irregular worker keeps the rights of the visa held.
RUNGS = ("citizen", "denizen", "legal", "unauthorised")
RUNG_OF_STATUS = (0, 1, 2, 2, 3, 3)
# Lowest rung that holds a formal right; "anyone" includes the unauthorised.
RIGHT_HOLDERS = ("nobody", "citizen", "denizen", "legal", "anyone")

# A2: categories of entry and the door each belongs to.
DOORS = ("skilled", "coethnic", "trainee", "student", "entertainer", "worker", "visitor", "smuggled")
SKILLED_DOOR, COETHNIC, TRAINEE, STUDENT, ENTERTAINER, WORKER, VISITOR, SMUGGLED_DOOR = range(8)
DOOR_KINDS = ("front", "side", "back")
DOOR_KIND_OF = {
    "skilled": "front",
    "coethnic": "side",
    "trainee": "side",
    "student": "side",
    "entertainer": "side",
    "worker": "front",
    "visitor": "back",
    "smuggled": "back",
}

# B1: the bundle of services a municipality may offer ("providing foreign workers with language classes and
# translation services, information handbooks and pamphlets, consultation services ...").
SERVICES = (
    "information",
    "exchange",
    "language",
    "registration",
    "insurance",
    "emergency",
    "housing",
    "schooling",
    "consultation",
    "council",
    "ordinance",
)
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
SUSTAINED_PROGRAMMES = ("language", "schooling", "exchange", "council")

# D1: what strikes a migrant.
NEEDS = (
    "accident",
    "illness",
    "dispute",
    "wages",
    "abuse",
    "housing",
    "arrest",
    "birth",
    "schooling",
    "papers",
)
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

# Which of a door's risks multiplies a need's rate.
RISKS = ("work", "abuse", "housing", "plain")
RISK_OF_NEED = {
    "accident": "work",
    "illness": "plain",
    "dispute": "work",
    "wages": "work",
    "abuse": "abuse",
    "housing": "housing",
    "arrest": "plain",
    "birth": "plain",
    "schooling": "plain",
    "papers": "plain",
}

# The municipal service that answers a need (B1), a second one where the first is closed to the claimant or
# missing, and the kinds of NGO that take such a case (C1). No municipality answers an arrest.
CITY_ANSWERS = {
    "accident": ("emergency", "consultation"),
    "illness": ("insurance", "emergency"),
    "dispute": ("consultation", None),
    "wages": ("consultation", None),
    "abuse": ("consultation", None),
    "housing": ("housing", "consultation"),
    "arrest": (None, None),
    "birth": ("insurance", "emergency"),
    "schooling": ("schooling", None),
    "papers": ("registration", "consultation"),
}

NGO_KINDS = ("citizens", "faith", "women", "union", "medical", "lawyers", "immigrant")
NGO_ANSWERS = {
    "citizens": ("dispute", "wages", "housing", "schooling", "papers", "arrest"),
    "faith": ("abuse", "housing", "illness"),
    "women": ("abuse", "birth", "housing"),
    "union": ("accident", "dispute", "wages"),
    "medical": ("accident", "illness", "birth"),
    "lawyers": ("arrest", "papers", "dispute", "wages"),
    "immigrant": ("papers", "housing", "schooling", "wages"),
}

# E5: who met the need.
PROVIDERS = ("nobody", "city", "ngo", "nation")
NOBODY, CITY, NGO, NATION = range(4)

# D11: why someone left.
REASONS = ("target", "expiry", "unmet", "deported", "return")
TARGET_REACHED, EXPIRY, UNMET, DEPORTED, RETURN = range(5)

# D7/E4: how someone claims.
MODES = ("never", "episodic", "sustained")
NEVER, EPISODIC, SUSTAINED = range(3)

# D1: needs that strike only those who live here with a family.
FAMILY_NEEDS = ("birth", "schooling")

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
