"""Lesson 3: episodes."""

from __future__ import annotations

from .exercise import HIGHER, LOWER, SAME, Exercise, Lesson, World
from .observing import mode_shares, returned_to_ngo, share_met, sustained, sustained_by_stay

TOWNS = World("two-towns")
DETACHED = World("two-towns", ("belonging.growth=0", "belonging.participation=0", "belonging.treatment=0"))
EASY_TO_JOIN = World("two-towns", ("claiming.join=0.05",))

LESSON = Lesson(
    3,
    "Episodes",
    "Why do people come once, and not again?",
    "lesson-3-episodes",
    'Lack of substantive citizenship (on citizenship that is "episodic")',
    (
        Exercise(
            "3.1",
            "At the end of the twenty years: have most migrants never claimed anything, claimed episodically, or do "
            "they take part in a sustained way?",
            (TOWNS,),
            mode_shares,
            "share of migrants",
            "episodic",
            "Look at the figure of modes: which colour fills most of it?",
            "Episodic: more than half. They had a need, asked, and left. A third never asked for anything, many "
            "of them because they have only just come.",
            choices=("never", "episodic", "sustained"),
        ),
        Exercise(
            "3.2",
            "Is sustained participation higher, lower or about the same among those here for ten years or longer "
            "as among the others?",
            (TOWNS,),
            sustained_by_stay,
            "share of migrants, difference",
            HIGHER,
            "Read the figure of modes from left to right.",
            "Higher. With the years people settle, come to belong, learn the language and get to know the programmes; "
            "the rule multiplies all four. But even among them it is a minority.",
        ),
        Exercise(
            "3.3",
            "Nobody ever comes to belong (belonging.growth, belonging.participation and belonging.treatment are 0). "
            "What happens to sustained participation?",
            (TOWNS, DETACHED),
            sustained,
            "share of migrants",
            LOWER,
            "In the rule `chance_to_join`, what happens when belonging is 0?",
            "It falls by two thirds. What is left are school places: a family that got one through a claim stays "
            "enrolled without having joined anything.",
            ratio=(0.15, 0.45),
        ),
        Exercise(
            "3.4",
            "Programmes become two and a half times as easy to join (claiming.join=0.05 instead of 0.02), and "
            "more people take part. What happens to the share of needs met?",
            (TOWNS, EASY_TO_JOIN),
            share_met,
            "share of needs",
            SAME,
            "Does a language class or a festival appear among the services that answer an illness or an unpaid wage?",
            "About the same. In this model taking part builds belonging and language, slowly; it is not by whom needs "
            "are met. That is a limit of the model as well: real classes are where people hear of things.",
            tolerance=0.01,
        ),
        Exercise(
            "3.5",
            "An NGO has met a need. After what share of such cases does the person come back with a new one within a "
            "year?",
            (TOWNS,),
            returned_to_ngo,
            "share of cases",
            (0.15, 0.35),
            "The number is printed under the figure of who comes back.",
            "About a quarter: three in four do not come back within the year, as the article says of "
            "NGOs' clients. Here it follows from needs being rare (a person has one every year or two), not from "
            "ingratitude.",
            tolerance=0.1,
        ),
    ),
)
