"""Lesson 4: the gap that NGOs fill."""

from __future__ import annotations

from functools import partial

from ...outcomes.run import Run
from .exercise import HIGHER, LOWER, Exercise, Lesson, World
from .observing import share_met, turned_away

TOWNS = World("two-towns")
NO_NGOS = World("two-towns", ("ngos.enabled=false",))
STRETCHED = World("two-towns", ("ngos.cases_per_staff=0.5",))
UNLIMITED = World("two-towns", ("ngos.cases_per_staff=0.5", "ngos.limited=false"))


def left_of_the_unauthorised(run: Run) -> float:
    """Share of needs met of the unauthorised over that of permit holders."""
    return share_met(run, unauthorised=True) / share_met(run, unauthorised=False)


LESSON = Lesson(
    4,
    "The gap that NGOs fill",
    "What would be left of local citizenship without NGOs, and for whom?",
    "lesson-4-the-gap-that-ngos-fill",
    "NGO service providers and immigrant activism",
    (
        Exercise(
            "4.1",
            "There are no NGOs (ngos.enabled=false). What happens to the share of needs met of the unauthorised?",
            (TOWNS, NO_NGOS),
            partial(share_met, unauthorised=True),
            "share of their needs",
            LOWER,
            "Compare the bars with and without NGOs.",
            "It falls, to less than a third of what it was: town halls are closed to them, and the state is "
            "where those sit who deport.",
            ratio=(0.1, 0.334),
        ),
        Exercise(
            "4.2",
            "Who loses more of the help they had? Take the share of needs met of the unauthorised for each "
            "need met of permit holders: is that ratio higher, lower or about the same without NGOs?",
            (TOWNS, NO_NGOS),
            left_of_the_unauthorised,
            "ratio",
            LOWER,
            "Divide, in each world, the bar of the unauthorised by the bar of permit holders.",
            "Lower: permit holders lose help too, but keep town halls, rights and insurance. NGOs do not serve the "
            "unauthorised alone; for the unauthorised they are nearly all there is.",
        ),
        Exercise(
            "4.3",
            "And the share of needs met by town halls, without NGOs?",
            (TOWNS, NO_NGOS),
            partial(share_met, by=("city",)),
            "share of needs",
            HIGHER,
            "What does somebody do who would have been helped by an NGO last month, and now waits?",
            "Higher, a little. A need that an NGO would have met is still there next month, and some who bear it "
            "find out about the town hall meanwhile. The town offers no more than before. Hence needs met by NGOs "
            "overstate what NGOs add.",
        ),
        Exercise(
            "4.4",
            "Each worker of an NGO can now take one case in two months (ngos.cases_per_staff=0.5). Of the "
            "claims on NGOs, what share is turned away?",
            (STRETCHED,),
            turned_away,
            "share of claims",
            (0.38, 0.68),
            "The cell on capacity prints it.",
            "About half. It counts claims, not people: who is turned away in March may queue again in April.",
            tolerance=0.15,
        ),
        Exercise(
            "4.5",
            "Give these NGOs room for everybody (ngos.limited=false). What happens to the share of all needs met?",
            (STRETCHED, UNLIMITED),
            share_met,
            "share of needs",
            HIGHER,
            "Compare the share of needs met before and after, and then how many claims had been turned away.",
            "Higher, but by far less than the share of claims turned away suggests: many were let in at a later try "
            "or helped by somebody else, and an NGO that takes a case does not always solve it.",
        ),
    ),
)
