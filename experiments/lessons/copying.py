"""Lesson 5: copying neighbours."""

from __future__ import annotations

from .exercise import HIGHER, LOWER, SAME, Exercise, Lesson, World
from .observing import best_level, mean_level, share_met, theil, west_over_east

LINE = World("railway-line")
ALONE = World("railway-line", ("city.neighbours=0", "city.similar=0", "city.rivalry=0"))

LESSON = Lesson(
    5,
    "Copying neighbours",
    "How do services travel from town to town, and does copying make places more alike?",
    "lesson-5-copying-neighbours",
    "Lack of uniformity (the last paragraphs, on horizontal sharing)",
    (
        Exercise(
            "5.1",
            "With copying (the scenario as it is) instead of without: is the mean service level of the towns at the "
            "end higher, lower or about the same?",
            (ALONE, LINE),
            mean_level,
            "service level, 0 to 1",
            HIGHER,
            "Compare the two lines over the stops of the railway.",
            "Higher, by nearly a third. In this model copying only pulls upwards: no town does less because "
            "others do.",
            ratio=(1.2, 1.4),
        ),
        Exercise(
            "5.2",
            "And the unevenness between towns (Theil index of the service level)?",
            (ALONE, LINE),
            theil,
            "Theil index",
            LOWER,
            "Which line is flatter?",
            "Lower: the index falls to about a quarter. Towns that do least have most to copy.",
            ratio=(0.15, 0.35),
        ),
        Exercise(
            "5.3",
            "West is where towns act by themselves. Is the distance between the eight western and the eight "
            "eastern towns higher, lower or about the same with copying?",
            (ALONE, LINE),
            west_over_east,
            "service level, difference",
            LOWER,
            "Where does copying lift the line most?",
            "Lower, by more than a third: the west gains little, the east much.",
            ratio=(0.5, 0.75),
        ),
        Exercise(
            "5.4",
            "Does the town that offers most pay for it? Is its service level with copying higher, lower or "
            "about the same?",
            (ALONE, LINE),
            best_level,
            "service level, 0 to 1",
            SAME,
            "Look at the left end of the two lines.",
            "About the same: it has nobody to copy. (A hair higher, since even the best sees a neighbour "
            "do more for a year or two: little beside what the others gain.)",
            tolerance=0.03,
        ),
        Exercise(
            "5.5",
            "Copying raises the mean service level by nearly a third. By what share of all needs does it raise the "
            "needs that are met? (0.10 means: ten more in a hundred are met.)",
            (ALONE, LINE),
            share_met,
            "share of needs",
            (0.003, 0.015),
            "Compare the two shares of needs met that are printed. It is a small number.",
            "By less than one in a hundred. Lesson 1 tells why: a service on offer is the first step of six. And the "
            "state and NGOs meet many of the needs that town halls might.",
            tolerance=0.0125,
        ),
    ),
)
