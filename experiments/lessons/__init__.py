"""The lessons: six notebooks, their exercises, and an answer key that is computed over seeds."""

from .all_lessons import EXERCISES, LESSONS
from .answering import answer
from .exercise import Exercise, Lesson, World, same_services
from .key import Finding, find
from .teaching import lives_that_differ, show_rule, simulate

__all__ = [
    "EXERCISES",
    "LESSONS",
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
