"""Partners and children (A8, A11): no migrants of their own here, but kept on a parent's record.

`first_born` and `last_born` are the months in which the eldest and the youngest child were born.
"""

from __future__ import annotations

from ..scenarios.catalogue import DENIZEN
from .chance import TRAIT_CHILD_AGE, TRAIT_CHILDREN, draw
from .mechanism import mechanism
from .rule import rule

SCHOOL_FROM, SCHOOL_UNTIL = 72, 180  # months of age: compulsory schooling
MOST_CHILDREN = 4
MARRIED = 1  # `migrant.grounds`: a permit that rests on marriage to a national
BETWEEN_BIRTHS = 18  # months
_OLDEST_BROUGHT = 144  # months of age of children who come along
_SHARES = (0.25, 0.65)  # of families who arrive: without a child, with one at most

mechanism(
    "A11",
    "Spouses and children",
    "families settle: some marry nationals, children grow up, and parents take part in school life",
    without={"doors.*.family": 0.0, "doors.*.family_joins": 0.0, "status.marriage": 0.0, "doors.spouse.arrivals": 0.0,
             "doors.spouse.initial": 0.0},
    instead="off, nobody lives here with a family",
)  # fmt: skip


@rule("A11")
def bring_children(migrant, world, occasion):
    """The children that a family comes with: how many, and how old, drawn once."""
    ever, who = world.luck_ever, migrant.identity
    luck = draw(ever, who, TRAIT_CHILDREN, occasion)
    migrant.children = int(luck >= _SHARES[0]) + int(luck >= _SHARES[1])
    migrant.first_born = world.month - int(_OLDEST_BROUGHT * draw(ever, who, TRAIT_CHILD_AGE, occasion))
    migrant.last_born = min(world.month, migrant.first_born + 36 * (migrant.children - 1))


@rule("A11")
def may_have_child(migrant, world):
    """Families have children, not too many and not too soon after one another."""
    if not migrant.family or migrant.children >= MOST_CHILDREN:
        return False
    return migrant.children == 0 or world.month - migrant.last_born >= BETWEEN_BIRTHS


@rule("A11")
def have_child(migrant, world):
    """A child is born."""
    if migrant.children == 0:
        migrant.first_born = world.month
    migrant.last_born = world.month
    migrant.children = migrant.children + 1


@rule("A11")
def depends_on_spouse(migrant):
    """Whether leaving a spouse would cost the permit."""
    return (migrant.grounds == MARRIED) & (migrant.status > DENIZEN)


@rule("A11")
def has_pupil(migrant, world):
    """Whether a child of school age lives here."""
    old_enough = world.month - migrant.first_born >= SCHOOL_FROM
    return (migrant.children != 0) & old_enough & (world.month - migrant.last_born < SCHOOL_UNTIL)
