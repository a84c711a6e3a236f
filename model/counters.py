"""The counters of a month: what rules count, by place, by region, and for the nation; and the buffer of the event log.

Everything is counted in whole records (service levels in millionths), so that sums do not depend on the order
in which migrants are visited, nor on the number of threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..agents.providers import PROVIDERS
from ..agents.rule import rule
from ..agents.tally import TALLIES
from ..scenarios.catalogue import REASONS, STATUSES
from ..scenarios.schema import SHIPPED

N_STATUSES, N_REASONS = len(STATUSES), len(REASONS)
assert PROVIDERS  # declared before their tallies are counted
N_TALLIES = len(TALLIES)
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
    "office_known",
    "office_feared",
)
# The stock comes first: it stands from month to month (see stock.py), while flows begin anew.
_STANDING = ("stock", "insured", "sustained", "members", "mobilised")


def place_dtype(doors: int, kinds: int, needs: int, trades: int) -> np.dtype:
    """Counters of one place."""
    return np.dtype(
        [
            ("by_door", np.int32, (doors,)),
            ("knowers", np.int32, (doors,)),
            ("ngo_knowers", np.int32, (doors,)),
            ("members_of", np.int32, (kinds,)),
            ("at_work", np.int32, (trades,)),  # A10: citizens and spouses of nationals left out
            ("looking", np.int32, (trades,)),  # A10: likewise, without work
            ("settled", np.int32, N_STATUSES),  # B11: have settled, or have children here
            *[(name, np.int32, N_STATUSES) for name in _STANDING],
            *[(name, np.int32, N_STATUSES) for name in SINGLE if name not in _STANDING],
            ("served", np.int32, (N_TALLIES, N_STATUSES)),
            ("unmet_needs", np.int32, (needs,)),
            ("left_out", np.int32, (needs,)),  # C5: of these, such as no office answers
            ("off_register", np.int32, (needs,)),  # B8: of these, those of people not on the register
            ("reported", np.int32),  # D3: by a public office
        ]
    )


def region_dtype(needs: int) -> np.dtype:
    """Counters of one region: episodes by need."""
    return np.dtype(
        [(name, np.int32, (N_STATUSES, needs)) for name in (*EPISODES, "unmet")]
        + [("served", np.int32, (N_TALLIES, N_STATUSES, needs))]
    )


def nation_dtype(doors: int) -> np.dtype:
    """Counters of the nation."""
    return np.dtype(
        [
            ("stock", np.int64, (doors, N_STATUSES)),
            ("arrived", np.int64, (doors, N_STATUSES)),
            ("incidents", np.int64),  # A9: arrests
            ("raids", np.int64),  # A9: apprehensions
            ("departures", np.int64, (doors, N_STATUSES, N_REASONS)),
            ("moves", np.int64, (5, N_STATUSES)),
            ("level_before", np.int64, (5, N_STATUSES)),
            ("level_after", np.int64, (5, N_STATUSES)),
            ("enrolments_lost", np.int64, (5, N_STATUSES)),
        ]
    )


def offset_of(kind: np.dtype, field: str) -> int:
    """Where a field begins in a record, in bytes."""
    assert kind.fields is not None
    return int(kind.fields[field][1])


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


def census_dtype(doors: int) -> np.dtype:
    """Counts of a census."""
    return np.dtype([(name, np.int64, (doors, N_STATUSES, LONGEST_STAY + 1)) for name in CENSUS_COUNTS])


# The same for the co-ethnics of each place.
COETHNICS = ("coethnics", "coethnics_insured", "coethnics_know_welfare", "coethnics_first_city")
PLACE_CENSUS = np.dtype([(name, np.int64) for name in COETHNICS])

LOG_LINES = 8192  # lines a thread may write before they are put aside
# More than one migrant can write in a month: each service and kind of NGO may be learned of and lost.
MOST_LINES_A_MONTH = 64 + 2 * (SHIPPED.services.limit + SHIPPED.ngo_kinds.limit)


def log_dtype(detail: type) -> np.dtype:
    """The buffer of the event log; `detail` holds a number, or a bit for each service."""
    return np.dtype(
        [
            ("count", np.int64),
            ("month", np.int16, LOG_LINES),
            ("migrant", np.uint64, LOG_LINES),
            ("event", np.uint8, LOG_LINES),
            ("place", np.uint32, LOG_LINES),
            ("status", np.uint8, LOG_LINES),
            ("need", np.uint8, LOG_LINES),
            ("provider", np.uint8, LOG_LINES),
            ("detail", detail, LOG_LINES),
            ("knows_city", np.uint8, LOG_LINES),
            ("knows_ngo", np.uint8, LOG_LINES),
            ("settler", np.uint8, LOG_LINES),
            ("fear", np.float64, LOG_LINES),
            ("belonging", np.float64, LOG_LINES),
        ]
    )


LOG_COLUMNS = tuple(name for name in log_dtype(np.int32).names or () if name != "count")


@rule
def is_nearly_full(log: Any) -> Any:
    """Whether there is no room left for another migrant's month."""
    return log.count > LOG_LINES - MOST_LINES_A_MONTH
