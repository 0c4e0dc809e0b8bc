"""A progress bar on standard error, for whoever waits for long work."""

from __future__ import annotations

import time
from contextlib import ExitStack
from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from index.steps import told_to

_PATIENCE = 1.0  # seconds without a bar; what is over by then needs none


class ProgressBar:
    """Shows every step of the work within its block, with its rate and the time left, in a terminal.

    Of short work it shows nothing.

    with ProgressBar():
        Index.build(documents)
    """

    def __enter__(self) -> ProgressBar:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
        self._bar = Progress(*columns, console=Console(stderr=True))
        self._tasks: dict[str, TaskID] = {}
        self._since = time.monotonic()
        self._told = ExitStack()
        self._told.enter_context(told_to(self._tell))
        return self

    def _tell(self, what: str, done: int, total: int) -> None:
        if what not in self._tasks:
            self._tasks[what] = self._bar.add_task(what, total=total)
        self._bar.update(self._tasks[what], completed=done, total=total)
        if self._bar.console.is_terminal and time.monotonic() - self._since > _PATIENCE:
            self._bar.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._told.close()
        if self._bar.live.is_started:
            self._bar.stop()


class _Rate(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:,.0f}/s" if speed else "", style="progress.data.speed")
