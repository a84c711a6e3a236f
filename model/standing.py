"""The stock: what is counted of each migrant month after month, kept up to date by those who change.

Most months leave most migrants as they were. What the ledger counts of a migrant is therefore put into one
number, their standing, before and after whatever may happen; where it has changed, the old one is struck off
and the new one entered. A test counts everybody head by head and finds the same.
"""

from __future__ import annotations

from ..agents.enrolling import takes_part
from ..agents.rule import rule
from ..agents.services import INSURED, SERVICES_KNOWN

# A standing is a sum: the door (0 to 7), and multiples of these for the rest.
_STATUS, _KNOWS, _KNOWS_NGO, _MOBILISED, _INSURED, _SUSTAINED, _MEMBER = 8, 64, 128, 256, 512, 1024, 2048


@rule
def standing_of(migrant, world, month):
    """What is counted of this migrant at the end of `month`, as one number."""
    standing = migrant.door + _STATUS * migrant.status + _MOBILISED * migrant.mobilised
    standing += _MEMBER * migrant.member
    if migrant.knows & SERVICES_KNOWN:
        standing += _KNOWS
    if migrant.knows_ngo:
        standing += _KNOWS_NGO
    if migrant.enrolled:
        if migrant.enrolled & INSURED:
            standing += _INSURED
        if takes_part(migrant, world, month):
            standing += _SUSTAINED
    return standing


@rule
def count(standing, account, national, people):
    """Enter somebody of this standing into the stock (`people` is 1), or strike them off (-1)."""
    door = standing % _STATUS
    status = standing // _STATUS % 8
    member = standing // _MEMBER
    account.stock[status] += people
    national.stock[door, status] += people
    account.by_door[door] += people
    account.knowers[door] += people * (standing // _KNOWS % 2)
    account.ngo_knowers[door] += people * (standing // _KNOWS_NGO % 2)
    account.mobilised[status] += people * (standing // _MOBILISED % 2)
    account.insured[status] += people * (standing // _INSURED % 2)
    account.sustained[status] += people * (standing // _SUSTAINED % 2)
    if member:
        account.members[status] += people
        account.members_of[member - 1] += people


@rule
def recount(before, account_before, after, account, national, moved):
    """A migrant stood as `before`, in one place, and stands as `after`, here: the same place unless `moved`."""
    if before != after or moved:
        count(before, account_before, national, -1)
        count(after, account, national, 1)
