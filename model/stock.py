"""The stock: what is counted of each migrant month after month, kept up to date by those who change.

Most months leave most migrants as they were. What the ledger counts of a migrant is therefore put into one
number, their standing, before and after whatever may happen; where it has changed, the old one is struck off
and the new one entered. A test counts everybody head by head and finds the same.
"""

from __future__ import annotations

from ..agents.rule import rule
from ..agents.services import INSURED, SERVICES_KNOWN
from ..agents.settling import PROGRAMMES

# A standing is a sum: the door (0 to 7), and multiples of these for the rest.
_STATUS, _KNOWS, _KNOWS_NGO, _MOBILISED, _INSURED, _SUSTAINED, _MEMBER = 8, 64, 128, 256, 512, 1024, 2048


# Where in a signature its parts begin, in bits; the door is the lowest.
_AT_STATUS, _AT_MOBILISED, _AT_MEMBER, _AT_KNOWS_NGO, _AT_KNOWS, _AT_ENROLLED = 4, 8, 12, 16, 24, 40


@rule
def signature_of(migrant):
    """Everything that a standing is made of, but for dates, as one number that is quickly had and compared."""
    return (
        migrant.door
        | migrant.status << _AT_STATUS
        | migrant.mobilised << _AT_MOBILISED
        | migrant.member << _AT_MEMBER
        | migrant.knows_ngo << _AT_KNOWS_NGO
        | migrant.knows << _AT_KNOWS
        | migrant.enrolled << _AT_ENROLLED
    )


@rule
def is_in_programme(signature):
    """Whether time alone may change the standing."""
    return signature >> _AT_ENROLLED & PROGRAMMES != 0


@rule
def standing_from(signature, joined, world, month):
    """What is counted, at the end of `month`, of somebody of this signature who joined a programme in `joined`."""
    standing = signature & 7
    standing += _STATUS * (signature >> _AT_STATUS & 15)
    standing += _MOBILISED * (signature >> _AT_MOBILISED & 1)
    standing += _MEMBER * (signature >> _AT_MEMBER & 15)
    if signature >> _AT_KNOWS & SERVICES_KNOWN:
        standing += _KNOWS
    if signature >> _AT_KNOWS_NGO & 255:
        standing += _KNOWS_NGO
    if signature >> _AT_ENROLLED & INSURED:
        standing += _INSURED
    if is_in_programme(signature) and month - joined >= world.claiming_sustained_after:
        standing += _SUSTAINED
    return standing


@rule
def standing_of(migrant, world, month):
    """What is counted of this migrant at the end of `month`, as one number."""
    return standing_from(signature_of(migrant), migrant.joined, world, month)


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
