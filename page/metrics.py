"""What Prometheus is told of the server at /metrics."""

from __future__ import annotations

import logging
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.responses import Response

from index.journal import Asked

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics(logging.Handler):
    """The counts of one server: of questions, by listening to the journal; of the rest, as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._questions = Counter(
            "nanguan_questions", "Questions, by how they ended.", ["outcome", "language"], registry=self.registry
        )
        self._seconds = Histogram(
            "nanguan_answer_seconds", "Seconds that an answer took.", buckets=_SECONDS, registry=self.registry
        )
        self._stages = Counter(
            "nanguan_stage_seconds", "Seconds spent in each stage of answers.", ["stage"], registry=self.registry
        )
        self._candidates = Counter("nanguan_candidates", "Sentences looked at.", registry=self.registry)
        self._refused = Counter(
            "nanguan_requests_refused", "Requests refused by a limit, by status.", ["status"], registry=self.registry
        )

    def emit(self, record: logging.LogRecord) -> None:
        asked: Asked = record.__dict__["asked"]
        outcome = asked.error or ("answered" if asked.answer and asked.answer.answered else "refused")
        self._questions.labels(outcome, asked.answer.language if asked.answer else "").inc()
        self._seconds.observe(asked.seconds["total"])
        for stage, seconds in asked.seconds.items():
            if stage != "total":
                self._stages.labels(stage).inc(seconds)
        self._candidates.inc(asked.counts.get("candidates", 0))

    def refused(self, status: int) -> None:
        """A limit refused a request."""
        self._refused.labels(str(status)).inc()

    def watch(self, name: str, description: str, value: Callable[[], float]) -> None:
        """Tell a value as it stands when it is asked for."""
        Gauge(f"nanguan_{name}", description, registry=self.registry).set_function(value)

    def response(self) -> Response:
        """All of it, as Prometheus reads it."""
        return Response(generate_latest(self.registry), media_type=_TYPE, headers={"Cache-Control": "no-store"})
