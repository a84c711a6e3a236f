"""What is to be run, and what has been: the same whatever the order in which runs finish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..intervals import half_width
from .points import Point, seed_for
from .records import Record
from .study import SHARED, Study

Identity = tuple[str, int, int]


@dataclass(frozen=True)
class Shard:
    """The `number`-th (from 1) of `of` parts of a study."""

    number: int = 1
    of: int = 1

    def has(self, study: Study, point: int, replicate: int) -> bool:
        """Whether a run belongs to this part: dealt out run by run, or point by point where the runs of a point decide
        how many it needs.
        """
        position = point if not study.replicates.fixed else point + replicate
        return position % self.of == self.number - 1


WHOLE = Shard()


class Agenda:
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
        self._seeds: dict[tuple[int, int], int] = {}
        self._sizes: dict[int, int] = {}  # point -> replicates it needs, once that is known
        self._judged: dict[int, int] = {}  # point -> replicates up to which it is known not to be enough
        self.done: dict[Identity, Record] = {}
        self.strangers = 0  # records of runs that the study does not have (any more)
        known: dict[str, list[int]] = {}
        for point in points:
            known.setdefault(point.key, []).append(point.number)
        for record in records:
            if any(self._seed(point, record.replicate) == record.seed for point in known.get(record.key, ())):
                self._keep(record)
            else:
                self.strangers += 1
        self._under_way: set[Identity] = set()
        self._walk = self._runs()

    def identity(self, point: int, replicate: int) -> Identity:
        """What tells a run from others."""
        return self.points[point].key, replicate, self._seed(point, replicate)

    def _seed(self, point: int, replicate: int) -> int:
        of = (0 if self.study.luck == SHARED else point, replicate)
        if of not in self._seeds:
            self._seeds[of] = seed_for(self.study, point, replicate)
        return self._seeds[of]

    def record(self, point: int, replicate: int) -> Record | None:
        """The run of a point, if it is done."""
        return self.done.get(self.identity(point, replicate))

    # What comes next ------------------------------------------------------------------------------------

    def next(self) -> tuple[int, int] | None:
        """The next run to begin, as (point, replicate); None if there is none now."""
        for run in self._walk:
            if self._begin(run):
                return run
        if not self.study.replicates.fixed:
            return self._ahead()
        return None

    def finished(self, record: Record) -> None:
        """A run that was begun is done."""
        self._under_way.discard(record.identity)
        self._keep(record)

    def _keep(self, record: Record) -> None:
        """The first record of a run holds, unless it failed, and a later trial went well."""
        known = self.done.get(record.identity)
        if known is None or (known.failed and not record.failed):
            self.done[record.identity] = record

    def _begin(self, run: tuple[int, int]) -> bool:
        identity = self.identity(*run)
        if identity in self.done or identity in self._under_way:
            return False
        self._under_way.add(identity)
        return True

    def _runs(self) -> Iterator[tuple[int, int]]:
        """Every run that is needed for sure, point by point, which spares to make a point's scenario anew."""
        for point in self.points:
            for replicate in range(self.study.replicates.least + self.added):
                if self.shard.has(self.study, point.number, replicate):
                    yield point.number, replicate

    def _ahead(self) -> tuple[int, int] | None:
        """One more replicate, of the point that has the fewest, where it is not known that these are enough.

        It may turn out that it was not needed, and is left out of the tables then.
        """
        fewest: tuple[int, int] | None = None
        for point in self.points:
            if not self.shard.has(self.study, point.number, 0):
                continue
            size = self.size(point.number)
            limit = self.study.replicates.most + self.added if size is None else size
            replicate = self._judged.get(point.number, 0)
            while replicate < limit and self._is_taken(point.number, replicate):
                replicate += 1
            if replicate < limit and (fewest is None or replicate < fewest[1]):
                fewest = (point.number, replicate)
        if fewest is not None:
            self._begin(fewest)
        return fewest

    def _is_taken(self, point: int, replicate: int) -> bool:
        identity = self.identity(point, replicate)
        return identity in self.done or identity in self._under_way

    # How many -------------------------------------------------------------------------------------------

    def size(self, point: int) -> int | None:
        """How many replicates a point needs; None if more must be done to know.

        The fewest from `least` on whose intervals are narrow enough, judged over the first so many without a gap.
        """
        if point in self._sizes:
            return self._sizes[point]
        rule = self.study.replicates
        count = rule.least
        if not rule.fixed:
            count = max(rule.least, self._judged.get(point, 0))
            while count < rule.most:
                records = [self.record(point, replicate) for replicate in range(count)]
                if None in records:
                    return None
                if self._narrow([record for record in records if record is not None]):
                    break
                count += 1
                self._judged[point] = count
        self._sizes[point] = count + self.added
        return self._sizes[point]

    def _narrow(self, records: list[Record]) -> bool:
        rule = self.study.replicates
        for name, width in rule.until.items():
            by_year: dict[int, list[float]] = {}
            for record in records:
                for year, value in (record.values or {}).get(name, []):
                    by_year.setdefault(year, []).append(value)
            for values in by_year.values():
                told = np.array(values)
                told = told[~np.isnan(told)]
                half = half_width(told, rule.confidence)
                if len(told) and not half <= width:
                    return False
            if not by_year:
                return False
        return True

    # Where it stands ------------------------------------------------------------------------------------

    def complete(self) -> bool:
        """Whether every run of this part is done."""
        for point in self.points:
            if not self.study.replicates.fixed and not self._has(point, 0):
                continue
            size = self.size(point.number)
            if size is None:
                return False
            if not all(self.record(point.number, r) for r in range(size) if self._has(point, r)):
                return False
        return True

    def _has(self, point: Point, replicate: int) -> bool:
        return self.shard.has(self.study, point.number, replicate)

    def counts(self) -> tuple[int, int]:
        """Runs done and in all, of this part; the latter is what is known so far where a point decides for itself."""
        needed: set[Identity] = set()
        for point in self.points:
            if not self.study.replicates.fixed and not self._has(point, 0):
                continue
            size = self.size(point.number)
            if size is None:
                size = max(self.study.replicates.least, self._judged.get(point.number, 0) + 1) + self.added
            needed |= {self.identity(point.number, r) for r in range(size) if self._has(point, r)}
        return len(needed & self.done.keys()), len(needed)

    def rows(self) -> Iterator[tuple[int, int, Record]]:
        """Every finished run that counts, as (point, replicate, record), in order; the whole study's."""
        for point in self.points:
            size = self.size(point.number)
            limit = self.study.replicates.most + self.added if size is None else size
            for replicate in range(limit):
                record = self.record(point.number, replicate)
                if record is not None:
                    yield point.number, replicate, record
