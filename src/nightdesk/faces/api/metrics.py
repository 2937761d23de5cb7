"""The process's own numbers (requests, latencies) and the desk's, as Prometheus reads them."""

from collections.abc import Iterable, Iterator
from typing import Any

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from nightdesk.desk.totals import Counted

KIND = CONTENT_TYPE_LATEST
NOWHERE = "unmatched"


class Meters:
    """One per application; a label never holds what a tenant wrote."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "nightdesk_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self._seconds = Histogram(
            "nightdesk_http_request_seconds",
            "Seconds until the answer began.",
            ("route",),
            registry=self._registry,
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
        )
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Counts one request. `route` is the pattern of the address, never the address."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, counted: Counted | None) -> bytes:
        once = CollectorRegistry()
        if counted is not None:
            once.register(_OfDesk(counted))
        return generate_latest(self._registry) + generate_latest(once)


class _OfDesk(Collector):
    def __init__(self, counted: Counted) -> None:
        self._counted = counted

    def collect(self) -> Iterator[Metric]:
        counted = self._counted
        yield _gauge("batches", "Batches.", ("step", "status"), counted.batches)
        yield _gauge("runs", "Runs.", ("line", "status"), counted.runs)
        yield _gauge("processes", "Processes that show that they live.", ("role",), counted.workers)
        due = [(queue, count) for queue, count, _ in counted.queues]
        yield _gauge("queue_due", "Batches that are due and wait for a worker.", ("queue",), due)
        ages = [(queue, age) for queue, _, age in counted.queues]
        yield _gauge("queue_oldest_seconds", "How long the oldest due batch has waited.", ("queue",), ages)
        yield from _calls(counted.calls)


def _calls(rows: Iterable[Any]) -> Iterator[Metric]:
    by = ("kind", "provider", "ok")
    calls = CounterMetricFamily("nightdesk_provider_calls", "Calls of providers.", labels=by)
    seconds = CounterMetricFamily("nightdesk_provider_seconds", "Seconds they took.", labels=by)
    usd = CounterMetricFamily("nightdesk_provider_usd", "US dollars they cost.", labels=by)
    tokens = CounterMetricFamily("nightdesk_provider_tokens", "Tokens.", labels=(*by, "direction"))
    for kind, provider, ok, count, into, out, cost, took in rows:
        labels = [kind, provider, "true" if ok else "false"]
        calls.add_metric(labels, float(count))
        seconds.add_metric(labels, float(took))
        usd.add_metric(labels, float(cost))
        tokens.add_metric([*labels, "in"], float(into))
        tokens.add_metric([*labels, "out"], float(out))
    yield from (calls, seconds, usd, tokens)


def _gauge(name: str, says: str, labels: tuple[str, ...], rows: Iterable[Any]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"nightdesk_{name}", says, labels=labels)
    for *values, number in rows:
        family.add_metric([str(value) for value in values], float(number))
    return family
