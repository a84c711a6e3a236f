"""Lesson 6: local against national."""

from __future__ import annotations

from functools import partial

from ...outcomes.run import Run
from ...scenarios.catalogue import NEEDS
from .exercise import HIGHER, LOWER, SAME, Exercise, Lesson, World
from .observing import best_level, enrolments_lost, share_met, sustained, theil

LINE = "railway-line"
PROGRAMME = ("policy.programme=1", *(f"needs.{need}.programme=1" for need in NEEDS))
LOCAL = World(LINE)
PORTABLE = World(
    LINE, ("moving.entitlements_kept=1", "awareness.kept_on_moving=1", "belonging.kept_on_moving=0.5")
)
HIGH_STANDARD = World(LINE, ("policy.guidance=0.9", "policy.standard=0.6", "policy.fund=1500"))
LOW_STANDARD = World(LINE, ("policy.guidance=0.9", "policy.standard=0.2"))
FOR_RESIDENTS = World(LINE, (*PROGRAMME, "policy.programme_open=legal"))
FOR_ANYONE = World(LINE, PROGRAMME)
FOR_ANYONE_UNAFRAID = World(LINE, (*PROGRAMME, "fear.weight=0"))


def gap_by_status(run: Run) -> float:
    """Share of needs met of permit holders less that of the unauthorised."""
    return share_met(run, unauthorised=False) - share_met(run, unauthorised=True)


LESSON = Lesson(
    6,
    "Local against national",
    "What can a nation do that towns cannot, and what does it cost?",
    "lesson-6-local-against-national",
    "Conclusion: Toward Local-National Collaboration in Immigrant Citizenship Policy",
    (
        Exercise(
            "6.1",
            "How many enrolments (in health insurance, classes, schools ...) are left behind for each 100 moves?",
            (LOCAL,),
            enrolments_lost,
            "for 100 moves",
            (4.0, 9.0),
            "The cell on moving prints it. Think of how few are enrolled in anything.",
            "About six. It seems little only because few movers have anything to lose: who has nothing loses nothing.",
            tolerance=3.0,
        ),
        Exercise(
            "6.2",
            "Rights become portable: enrolments and knowledge follow the mover, and half of the belonging. What "
            "happens to sustained participation?",
            (LOCAL, PORTABLE),
            sustained,
            "share of migrants",
            HIGHER,
            "Compare the two shares that the cell on portable rights prints.",
            "Higher, by more than two thirds. Few move in a year, most do at some time, and each move ended what it "
            "took years to build.",
            ratio=(1.5, 2.1),
        ),
        Exercise(
            "6.3",
            "And the unevenness of services between towns (Theil index)?",
            (LOCAL, PORTABLE),
            theil,
            "Theil index",
            SAME,
            "Does any town offer more or less because rights travel?",
            "About the same. Portable rights mend what a move destroys; they do not make any town offer "
            "what it does not.",
            tolerance=0.005,
        ),
        Exercise(
            "6.4",
            "The nation asks every town for the same level, 0.6, and pays for it. What happens to unevenness?",
            (LOCAL, HIGH_STANDARD),
            theil,
            "Theil index",
            LOWER,
            "Look at the line over the stops of the railway under the standard.",
            "Lower: next to nothing is left of it, and every town offers more than before. This is the uniformity "
            "that local citizenship lacks.",
            ratio=(0.0, 0.1),
        ),
        Exercise(
            "6.5",
            "Now a low standard, 0.2, without money. What happens to the service level of the town that offered most?",
            (LOCAL, LOW_STANDARD),
            best_level,
            "service level, 0 to 1",
            LOWER,
            "In the rule `follow_guidance`, what happens to a town that wants more than the standard?",
            "Lower: it loses more than half. The same rule that lifts those below the standard lowers those above. "
            "A standard evens out; whether up or down depends on its level. (Real minimum standards often bind only "
            "from below: change the rule and see.)",
            ratio=(0.3, 0.5),
        ),
        Exercise(
            "6.6",
            "A national programme helps with all needs, everywhere alike, for those who hold a permit. What happens to "
            "the gap in needs met between permit holders and the unauthorised?",
            (LOCAL, FOR_RESIDENTS),
            gap_by_status,
            "share of needs, difference",
            HIGHER,
            "Whom does the programme admit?",
            "Higher. A uniform programme evens out places and can make statuses less even: it draws its line where "
            "the nation draws its own.",
        ),
        Exercise(
            "6.7",
            "The programme is opened to anyone. Compare it with the same programme in a country where nobody is "
            "afraid (fear.weight=0): is the share of needs met of the unauthorised there higher, lower or "
            "about the same?",
            (FOR_ANYONE, FOR_ANYONE_UNAFRAID),
            partial(share_met, unauthorised=True),
            "share of their needs",
            HIGHER,
            "Read `dares_state` beside `dares_ngo`: whose office is feared most?",
            "Higher, nearly twice as high. An open door of the state is not used by those who fear the state; the "
            "article expects federal programmes to be used even less than local ones for this reason. (Not all of "
            "the gain is the programme's: without fear, town halls and other offices are asked more as well.)",
            ratio=(1.6, 2.2),
        ),
    ),
)
