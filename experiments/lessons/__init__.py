"""The lessons: seven notebooks, their exercises, and an answer key that is computed over seeds."""

from .exercise import EXERCISES, LESSONS, WORLDS, Exercise, Lesson, World, same_services
from .key import Finding, find
from .teaching import answer, lives_that_differ, show_rule, simulate

__all__ = [
    "EXERCISES",
    "LESSONS",
    "WORLDS",
    "Exercise",
    "Finding",
    "Lesson",
    "World",
    "answer",
    "find",
    "lives_that_differ",
    "same_services",
    "show_rule",
    "simulate",
]
