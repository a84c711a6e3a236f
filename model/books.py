"""The books of a month: what rules count, by place, by region, and for the nation; and the pen of the diaries.

Everything is counted in whole records (service levels in millionths), so that sums do not depend on the order
in which migrants are visited, nor on the number of threads.
"""

from __future__ import annotations

import numpy as np

from ..scenarios.catalogue import DOORS, NEEDS, NGO_KINDS, PROVIDERS, REASONS, STATUSES

N_STATUSES, N_DOORS, N_NEEDS = len(STATUSES), len(DOORS), len(NEEDS)
N_KINDS = len(NGO_KINDS)
N_PROVIDERS, N_REASONS = len(PROVIDERS), len(REASONS)
LONGEST_STAY = 20  # years; the last class of the census is this and more

# Counters of the table `monthly`, by place and status, in the order of its columns.
STOCKS_AND_FLOWS = (
    "stock",
    "arrived",
    "moved_in",
    "moved_out",
    "status_in",
    "status_out",
    "left",
    "deported",
)
EPISODES = ("needs", "aware", "willing", "eligible", "claimed")
SINGLE = (
    *STOCKS_AND_FLOWS,
    *EPISODES,
    "unmet",
    "refused",
    "turned_away",
    "eligible_any",
    "eligible_aware",
    "sustained",
    "insured",
    "ngo_cases",
    "ngo_served",
    "ngo_returned",
    "ngo_phone",
    "ngo_referred",
    "members",
    "mobilised",
)

# The stock comes first: it stands from month to month (see standing.py), while flows begin anew.
_STANDING = ("stock", "insured", "sustained", "members", "mobilised")
ACCOUNT = np.dtype(
    [
        ("by_door", np.int32, N_DOORS),
        ("knowers", np.int32, N_DOORS),
        ("ngo_knowers", np.int32, N_DOORS),
        ("members_of", np.int32, N_KINDS),
        *[(name, np.int32, N_STATUSES) for name in _STANDING],
        *[(name, np.int32, N_STATUSES) for name in SINGLE if name not in _STANDING],
        ("served", np.int32, (N_PROVIDERS, N_STATUSES)),
        ("unmet_needs", np.int32, N_NEEDS),
    ]
)
_fields = ACCOUNT.fields
assert _fields is not None
STANDING_BYTES = _fields["arrived"][1]  # where the flows begin in an account

REGIONAL = np.dtype(
    [(name, np.int32, (N_STATUSES, N_NEEDS)) for name in (*EPISODES, "unmet")]
    + [("served", np.int32, (N_PROVIDERS, N_STATUSES, N_NEEDS))]
)

NATIONAL = np.dtype(
    [
        ("stock", np.int64, (N_DOORS, N_STATUSES)),
        ("arrived", np.int64, (N_DOORS, N_STATUSES)),
        ("departures", np.int64, (N_DOORS, N_STATUSES, N_REASONS)),
        ("moves", np.int64, (5, N_STATUSES)),
        ("level_before", np.int64, (5, N_STATUSES)),
        ("level_after", np.int64, (5, N_STATUSES)),
        ("enrolments_lost", np.int64, (5, N_STATUSES)),
    ]
)

# The census of December, by door, status and whole years in the country.
CENSUS_COUNTS = (
    "persons",
    "settlers",
    "never",
    "episodic",
    "sustained",
    "knows_city",
    "knows_ngo",
    "insured",
    "months_stayed",
    "first_city",
    "members",
    "mobilised",
    "language",
)
CENSUS = np.dtype([(name, np.int64, (N_DOORS, N_STATUSES, LONGEST_STAY + 1)) for name in CENSUS_COUNTS])

# The same for the co-ethnics of each place.
COETHNICS = ("coethnics", "coethnics_insured", "coethnics_know_welfare", "coethnics_first_city")
PLACE_CENSUS = np.dtype([(name, np.int64) for name in COETHNICS])

PEN_LINES = 8192  # lines a thread may write before they are put aside
MOST_LINES_A_MONTH = 64  # more than one migrant can write in a month
PEN = np.dtype(
    [
        ("count", np.int64),
        ("month", np.int16, PEN_LINES),
        ("migrant", np.uint64, PEN_LINES),
        ("event", np.uint8, PEN_LINES),
        ("place", np.uint16, PEN_LINES),
        ("status", np.uint8, PEN_LINES),
        ("need", np.uint8, PEN_LINES),
        ("provider", np.uint8, PEN_LINES),
        ("detail", np.int32, PEN_LINES),
        ("knows_city", np.uint8, PEN_LINES),
        ("knows_ngo", np.uint8, PEN_LINES),
        ("settler", np.uint8, PEN_LINES),
        ("fear", np.float64, PEN_LINES),
        ("belonging", np.float64, PEN_LINES),
    ]
)
PEN_COLUMNS = tuple(name for name in PEN.names or () if name != "count")
