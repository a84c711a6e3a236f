"""The stock: what is counted of each migrant month after month, kept up to date by those who change.

Most months leave most migrants as they were. What the ledger counts of a migrant is therefore put into one
number, the state key, before and after whatever may happen; where it has changed, the old one is struck off
and the new one entered. A test counts everybody head by head and finds the same.
"""

from __future__ import annotations

from ..agents.rule import rule
from ..agents.services import BY_EMPLOYER, SERVICES_KNOWN
from ..scenarios.catalogue import CITIZEN

# A key has flags in its lowest bits, and above them the status, the kind of NGO one is a member of, the door, and the
# trade; of those who came for a family, no trade.
_KNOWS, _KNOWS_NGO, _MOBILISED, _INSURED, _PROGRAMME, _SUSTAINED, _JOBLESS, _SETTLED = (
    1 << bit for bit in range(8)
)
_AT_STATUS, _AT_MEMBER, _AT_DOOR, _AT_TRADE = 8, 12, 20, 26
_NO_TRADE = 16  # above every trade


@rule
def undated_key_of(migrant, world):
    """All that a state key is made of, but for how long somebody in a programme has taken part."""
    key = (migrant.status << _AT_STATUS) | (migrant.member << _AT_MEMBER) | (migrant.door << _AT_DOOR)
    key |= (migrant.trade | _NO_TRADE * world.doors_spouse[migrant.door]) << _AT_TRADE
    key |= _KNOWS * (migrant.knows & SERVICES_KNOWN != 0)
    key |= _KNOWS_NGO * (migrant.knows_ngo != 0)
    key |= _MOBILISED * (migrant.mobilised != 0)
    key |= _INSURED * (migrant.enrolled & (world.insurance_bits | BY_EMPLOYER) != 0)
    key |= _PROGRAMME * (migrant.enrolled & world.programme_bits != 0)
    key |= _JOBLESS * (migrant.jobless != 0)
    key |= _SETTLED * (migrant.settler != 0 or migrant.children != 0)
    return key


@rule
def may_change_by_itself(key):
    """Whether time alone may change the key."""
    return key & _PROGRAMME != 0


@rule
def key_at(undated, joined, world, month):
    """What is counted, at the end of `month`, of somebody with this key who joined a programme in `joined`."""
    if undated & _PROGRAMME and month - joined >= world.claiming_sustained_after:
        return undated | _SUSTAINED
    return undated


@rule
def key_of(migrant, world, month):
    """What is counted of this migrant at the end of `month`, as one number."""
    return key_at(undated_key_of(migrant, world), migrant.joined, world, month)


@rule
def count(key, place, nation, people):
    """Enter somebody with this key into the stock (`people` is 1), or strike them off (-1)."""
    status = key >> _AT_STATUS & 15
    member = key >> _AT_MEMBER & 255
    door = key >> _AT_DOOR & 63
    trade = key >> _AT_TRADE
    place.stock[status] += people
    nation.stock[door, status] += people
    if trade < _NO_TRADE and status != CITIZEN:
        if key & _JOBLESS:
            place.looking[trade] += people
        else:
            place.at_work[trade] += people
    place.by_door[door] += people
    place.knowers[door] += people * (key & _KNOWS != 0)
    place.ngo_knowers[door] += people * (key & _KNOWS_NGO != 0)
    place.mobilised[status] += people * (key & _MOBILISED != 0)
    place.insured[status] += people * (key & _INSURED != 0)
    place.sustained[status] += people * (key & _SUSTAINED != 0)
    place.settled[status] += people * (key & _SETTLED != 0)
    if member:
        place.members[status] += people
        place.members_of[member - 1] += people


@rule
def recount(before, place_before, after, place, nation, moved):
    """A migrant's key was `before`, in one place, and is `after`, here: the same place unless `moved`."""
    if before != after or moved:
        count(before, place_before, nation, -1)
        count(after, place, nation, 1)
