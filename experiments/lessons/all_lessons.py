"""The six lessons, in order."""

from __future__ import annotations

from . import copying, episodes, local_and_national, one_town, the_gap, two_towns

LESSONS = (
    one_town.LESSON,
    two_towns.LESSON,
    episodes.LESSON,
    the_gap.LESSON,
    copying.LESSON,
    local_and_national.LESSON,
)
EXERCISES = {exercise.id: exercise for lesson in LESSONS for exercise in lesson.exercises}
