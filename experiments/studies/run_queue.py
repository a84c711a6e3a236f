"""What is to be run, and what has been: the same whatever the order in which runs finish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..intervals import half_width
from .points import Point, seed_for
from .records import Identity, Record
from .study import Study


@dataclass(frozen=True)
class Shard:
    """The `number`-th (from 1) of `of` parts of a study."""

    number: int = 1
    of: int = 1

    def has(self, study: Study, point: int, replicate: int) -> bool:
        """Whether a run belongs to this part: dealt out run by run, or point by point where the runs of a point decide
        how many it needs.
        """
        position = point + replicate if study.replicates.fixed else point
        return position % self.of == self.number - 1


WHOLE = Shard()


class RunQueue:
    """The runs of a study: those done, those under way, and those to come.

    Two design points that are the same, under the same seed, share their run. `added` replicates a point come on top
    of what the file says.
    """

    def __init__(
        self,
        study: Study,
        points: list[Point],
        records: Iterable[Record],
        added: int = 0,
        shard: Shard = WHOLE,
    ) -> None:
        self.study, self.points, self.added, self.shard = study, points, added, shard
        self._rule = study.replicates
        self._seed = cache(
            lambda point, replicate: seed_for(study, point, replicate)
        )  # by what has luck of its own
        self._sizes: dict[int, int] = {}  # point -> replicates it needs, once that is known
        self._judged: dict[int, int] = {}  # point -> replicates up to which it is known not to be enough
        self.done: dict[Identity, Record] = {}
        self.foreign_records = 0  # of runs that the study does not have (any more)
        same: dict[str, list[int]] = {}
        for point in points:
            same.setdefault(point.key, []).append(point.number)
        for record in records:
            seeds = (self.identity(point, record.replicate)[2] for point in same.get(record.key, ()))
            if record.seed in seeds:
                self._keep(record)
            else:
                self.foreign_records += 1
        self._under_way: set[Identity] = set()
        self._sure = self._runs()

    def identity(self, point: int, replicate: int) -> Identity:
        """What tells a run from others."""
        seed = self._seed(next(iter(self.study.luck_of(point)), 0), replicate)
        return self.points[point].key, replicate, seed

    def record(self, point: int, replicate: int) -> Record | None:
        """The run of a point, if it is done."""
        return self.done.get(self.identity(point, replicate))

    # What comes next ------------------------------------------------------------------------------------

    def next(self) -> tuple[int, int] | None:
        """The next run to begin, as (point, replicate); None if there is none now."""
        run = next((run for run in self._sure if not self._is_taken(run)), None)
        if run is None and not self._rule.fixed:
            run = self._next_adaptive_replicate()
        if run is not None:
            self._under_way.add(self.identity(*run))
        return run

    def finished(self, record: Record) -> None:
        """A run that was begun is done."""
        self._under_way.discard(record.identity)
        self._keep(record)

    def _keep(self, record: Record) -> None:
        """The first record of a run holds, unless it failed, and a later trial went well."""
        known = self.done.get(record.identity)
        if known is None or (known.failed and not record.failed):
            self.done[record.identity] = record

    def _is_taken(self, run: tuple[int, int]) -> bool:
        identity = self.identity(*run)
        return identity in self.done or identity in self._under_way

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Every run that is needed for sure, point by point, which spares to make a point's scenario anew."""
        for point in range(len(self.points)):
            yield from self._of_this_part(point, self._rule.least + self.added)

    def _of_this_part(self, point: int, count: int) -> Iterator[tuple[int, int]]:
        """The first `count` runs of a point, as far as they are of this part."""
        return ((point, r) for r in range(count) if self.shard.has(self.study, point, r))

    def _next_adaptive_replicate(self) -> tuple[int, int] | None:
        """One more replicate, of the point that has the fewest, where it is not known that these are enough.

        It may turn out that it was not needed, and is left out of the tables then.
        """
        found = []
        for point in self._points_of_this_part():
            first = max(0, self._judged.get(point, 0) - 1)
            replicates = range(first, self._limit(point))
            free = next((r for r in replicates if not self._is_taken((point, r))), None)
            if free is not None:
                found.append((free, point))
        return min(found)[::-1] if found else None

    # How many -------------------------------------------------------------------------------------------

    def size(self, point: int) -> int | None:
        """How many replicates a point needs; None if more must be done to know.

        The fewest from `least` on whose intervals are narrow enough, judged over the first so many without a gap.
        """
        if point not in self._sizes:
            count = max(self._rule.least, self._judged.get(point, 0))
            while count < self._rule.most:
                records = [self.record(point, replicate) for replicate in range(count)]
                if None in records:
                    return None
                if self._is_narrow([record for record in records if record is not None]):
                    break
                count += 1
                self._judged[point] = count
            self._sizes[point] = count + self.added
        return self._sizes[point]

    def _limit(self, point: int) -> int:
        """How many replicates a point needs, or may need at most."""
        size = self.size(point)
        return self._rule.most + self.added if size is None else size

    def _is_narrow(self, records: list[Record]) -> bool:
        for name, width in self._rule.until.items():
            by_year: dict[int, list[float]] = {}
            for record in records:
                for year, value in (record.values or {}).get(name, []):
                    by_year.setdefault(year, []).append(value)
            for values in map(np.array, by_year.values()):
                known = values[~np.isnan(values)]
                if len(known) and not half_width(known, self._rule.confidence) <= width:
                    return False
            if not by_year:
                return False
        return True

    # Where it stands ------------------------------------------------------------------------------------

    def _points_of_this_part(self) -> list[int]:
        """Those with a run of this part; all, where a point's runs are dealt out one by one."""
        numbers = range(len(self.points))
        return [n for n in numbers if self._rule.fixed or self.shard.has(self.study, n, 0)]

    def complete(self) -> bool:
        """Whether every run of this part is done."""
        for point in self._points_of_this_part():
            size = self.size(point)
            if size is None or not all(self.record(*run) for run in self._of_this_part(point, size)):
                return False
        return True

    def counts(self) -> tuple[int, int]:
        """Runs done and in all, of this part; the latter is what is known so far where a point decides for itself."""
        needed: set[Identity] = set()
        for point in self._points_of_this_part():
            size = self.size(point)
            if size is None:
                size = max(self._rule.least, self._judged.get(point, 0) + 1) + self.added
            needed |= {self.identity(*run) for run in self._of_this_part(point, size)}
        return len(needed & self.done.keys()), len(needed)

    def rows(self) -> Iterator[tuple[int, int, Record]]:
        """Every finished run that counts, as (point, replicate, record), in order; the whole study's."""
        for point in range(len(self.points)):
            for replicate in range(self._limit(point)):
                record = self.record(point, replicate)
                if record is not None:
                    yield point, replicate, record
