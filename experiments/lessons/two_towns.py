"""Lesson 2: two towns, uneven rights."""

from __future__ import annotations

from functools import partial

from ...outcomes.run import Run
from ...scenarios.catalogue import NEEDS
from .exercise import HIGHER, LOWER, Exercise, Lesson, World
from .observing import share_met

PIONEER, LAGGARD = "Kawasaki-like", "Kawaguchi-like"
TOWNS = World("two-towns")
ALIKE = World("two-towns", services_of=PIONEER)
# Nobody but the town helps: no NGO, no right on paper, no programme of the nation's, no insurance with the job.
TOWN_ALONE = World(
    "two-towns",
    (
        "ngos.enabled=false",
        *(f"needs.{need}.right=nobody" for need in NEEDS),
        "policy.programme=0",
        "claiming.employer_insures=0",
    ),
)


def gap(run: Run, by: tuple[str, ...] = ("city", "ngo", "state")) -> float:
    """Share of needs met in the pioneer town less that in the other."""
    return share_met(run, place=PIONEER, by=by) - share_met(run, place=LAGGARD, by=by)


def ratio(run: Run) -> float:
    """Share of needs met in the pioneer town over that in the other."""
    return share_met(run, place=PIONEER) / share_met(run, place=LAGGARD)


LESSON = Lesson(
    2,
    "Two towns",
    "What difference does the town make, to people with the same status and the same needs?",
    "lesson-2-two-towns",
    "Lack of uniformity: local variation in immigrant rights",
    (
        Exercise(
            "2.1",
            "Is the share of needs met by the town hall in Kawasaki-like higher, lower or about the same as in "
            "Kawaguchi-like?",
            (TOWNS,),
            partial(gap, by=("city",)),
            "share of needs, difference",
            HIGHER,
            "Look at the bars of who met the needs, town by town.",
            "Higher: Kawaguchi-like offers brochures, classes and events, none of which answers an illness, "
            "an unpaid wage or an eviction. Its town hall meets no need at all.",
        ),
        Exercise(
            "2.2",
            "Kawasaki-like offers eight times as much (service level 0.81 against 0.10). How many times as large is "
            "the share of needs met there, by anybody? (1 means: the same.)",
            (TOWNS,),
            ratio,
            "times",
            (1.1, 1.7),
            "Divide the share of needs met in one town by that in the other. It is much less than eight.",
            "About half as much again, though the service level is eight times as high. Rights on paper, the "
            "insurance that comes with a job, and NGOs are there in both towns, and where the town does nothing they "
            "are asked instead. And where the town does much, most of those in need still do not know, dare or bother.",
            tolerance=0.4,
        ),
        Exercise(
            "2.3",
            "Is the share of needs met by the state in Kawasaki-like higher, lower or about the same as in "
            "Kawaguchi-like? National law is the same in both.",
            (TOWNS,),
            partial(gap, by=("state",)),
            "share of needs, difference",
            LOWER,
            "Whom does somebody in Kawaguchi-like turn to, when there is nothing to ask the town hall for?",
            "Lower. The town hall, where it has something to offer, is asked before the state's offices. What the "
            "town does not do, the state does in part: this is why so little of the difference shows in 2.2.",
        ),
        Exercise(
            "2.4",
            "Take everybody else away: no NGOs, no rights on paper, no insurance with the job. Is the gap between the "
            "towns in needs met (by anybody) now higher, lower or about the same as before?",
            (TOWNS, TOWN_ALONE),
            gap,
            "share of needs, difference between towns",
            HIGHER,
            "What is left in Kawaguchi-like when only the town hall can help?",
            "Higher, about twice as large: in Kawaguchi-like nothing is met at all. The difference in services was "
            "there all the time; other providers hid it.",
            ratio=(1.6, 3.5),
        ),
        Exercise(
            "2.5",
            "Kawaguchi-like now offers all that Kawasaki-like offers (same_services). Among the same people, in "
            "the same place, with the same luck: is the share of needs met higher, lower or about the same?",
            (TOWNS, ALIKE),
            partial(share_met, place=LAGGARD),
            "share of needs",
            HIGHER,
            "Compare Kawaguchi-like in the two worlds.",
            "Higher. It is the cleanest comparison of the lesson: the towns differ in more than their "
            "services (who lives there, which NGOs they have), the two worlds do not.",
        ),
    ),
)
