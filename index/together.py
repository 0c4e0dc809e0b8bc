"""Work that threads bring at the same time, done in one go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass
class _Job(Generic[Item, Result]):
    item: Item
    result: Result | None = None
    error: BaseException | None = None
    done: bool = False


class Together(Generic[Item, Result]):
    """A function of many items, called with one from many threads.

    Whoever comes while nothing is under way is served at once and alone. Those who come meanwhile wait, and the first
    of them to have its turn takes the items of all: nobody waits for others to come.
    """

    def __init__(self, function: Callable[[Sequence[Item]], Sequence[Result]], most: int) -> None:
        """Args: function: an item each -> a result each, in order; most: items that it takes at once."""
        self._function = function
        self._most = most
        self._waiting: list[_Job[Item, Result]] = []
        self._guard = Lock()
        self._turn = Lock()

    def __call__(self, item: Item) -> Result:
        """The item's result; what the function raises of a batch is raised for each item in it."""
        job: _Job[Item, Result] = _Job(item)
        with self._guard:
            self._waiting.append(job)
        while not job.done:
            with self._turn:
                if not job.done:
                    with self._guard:
                        jobs = self._waiting[: self._most]
                        del self._waiting[: self._most]
                    self._serve(jobs)
        if job.error:
            raise job.error
        return job.result  # type: ignore[return-value]  # it is done, and without an error

    def _serve(self, jobs: Sequence[_Job[Item, Result]]) -> None:
        try:
            results = self._function([job.item for job in jobs])
            for job, result in zip(jobs, results, strict=True):
                job.result = result
        except BaseException as error:
            for job in jobs:
                job.error = error  # raised where each waits
            if not isinstance(error, Exception):  # to be stopped is this thread's own affair
                raise
        finally:
            for job in jobs:
                job.done = True
