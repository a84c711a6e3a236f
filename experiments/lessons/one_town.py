"""Lesson 1: one town, one migrant."""

from __future__ import annotations

from functools import partial

from .exercise import HIGHER, SAME, Exercise, Lesson, World
from .observing import lost_at_each_step, share_met

TOWN = World("one-town")
UNAFRAID = World("one-town", ("fear.weight=0",))
INFORMED = World("one-town", ("awareness.search=1", "awareness.state=1", "awareness.arrival=1"))

LESSON = Lesson(
    1,
    "One town, one migrant",
    "What has to happen before one need of one migrant is met?",
    "lesson-1-one-town-one-migrant",
    "Lack of substantive citizenship: low civic participation among foreign residents",
    (
        Exercise(
            "1.1",
            "This town offers nearly every service there is. What share of the needs that arise in it does "
            "anybody meet?",
            (TOWN,),
            share_met,
            "share of needs",
            (0.22, 0.42),
            "Look at the last bars of the cascade: how much of the first is left, over all groups together?",
            "About a third. A service on offer is the first of six steps, not the last: somebody has to know of it, "
            "think it worth asking, dare to, be entitled, ask, and be helped.",
            tolerance=0.1,
        ),
        Exercise(
            "1.2",
            "At which step are most needs lost?",
            (TOWN,),
            lost_at_each_step,
            "share of all needs",
            "wanting and daring",
            "Compare how far the bars of the cascade fall from each step to the next.",
            "Most who know of somebody to ask do not ask. Sojourners, who came to save for a while, bother only for "
            "necessities, and the unauthorised fear to be reported. Not knowing comes next, then being asked in vain; "
            "hardly anybody fails for want of getting round to it.",
            choices=("knowing", "wanting and daring", "being entitled", "asking", "being helped"),
        ),
        Exercise(
            "1.3",
            "Nobody fears apprehension any more (fear.weight=0). What happens to the share of needs met of the "
            "unauthorised?",
            (TOWN, UNAFRAID),
            partial(share_met, unauthorised=True),
            "share of their needs",
            HIGHER,
            "Compare the two numbers that the cell on fear printed.",
            "It rises, by a quarter to a third, and no further: without fear they ask, and most services "
            "of the town are still closed to them. Fear is one obstacle among several.",
            ratio=(1.15, 1.6),
        ),
        Exercise(
            "1.4",
            "And the share of needs met of those who hold a permit?",
            (TOWN, UNAFRAID),
            partial(share_met, unauthorised=False),
            "share of their needs",
            SAME,
            "Who fears apprehension? Read the rule `fear_of` again.",
            "Nothing to speak of: who holds a permit has nothing to fear (the rule returns 0), so taking fear away "
            "changes their lives only by way of others: an NGO's queue, a friend who knows.",
            tolerance=0.02,
        ),
        Exercise(
            "1.5",
            "Compare two cures: nobody fears (fear.weight=0), or everybody in need finds out whom to ask "
            "(awareness.search=1, awareness.state=1, awareness.arrival=1). Is the share of all needs met higher, lower "
            "or about the same with knowledge as without fear?",
            (UNAFRAID, INFORMED),
            share_met,
            "share of needs",
            HIGHER,
            "Whom does fear stop, and whom does ignorance stop? Which of the two groups is larger?",
            "Knowledge adds more. Everybody can be ignorant, only the unauthorised are afraid, and whoever is "
            "no longer afraid still meets closed doors.",
        ),
    ),
)
