"""PromQL in short. Everything here asks for one cluster, the one that the dashboard's variable names."""

from __future__ import annotations

from collections.abc import Callable

CLUSTER = 'cluster="$cluster"'


def series(metric: str, *matchers: str) -> str:
    """The series of a metric in the cluster."""
    return f"{metric}{{{','.join((CLUSTER, *matchers))}}}"


def scraped(job: str, *matchers: str) -> Callable[..., str]:
    """`series` for what one scrape job brings, of the pods that the dashboard's variable names unless told otherwise."""

    def of(metric: str, *more: str) -> str:
        return series(metric, f'job="{job}"', *(matchers or ('pod=~"$pod"',)), *more)

    return of


def per_second(selector: str) -> str:
    """The rate of a counter, over the window that fits the resolution of the graph."""
    return f"rate({selector}[$__rate_interval])"


def total(expression: str, *labels: str, by: str = "sum") -> str:
    """An aggregate, by these labels."""
    return f"{by} by ({', '.join(labels)}) ({expression})" if labels else f"{by}({expression})"


def flow(selector: str, *labels: str) -> str:
    """The summed rate of a counter."""
    return total(per_second(selector), *labels)


def quantile(fraction: float, histogram: str, *labels: str) -> str:
    """A quantile of a histogram, whose selector names its buckets."""
    return f"histogram_quantile({fraction:g}, {flow(histogram, 'le', *labels)})"


def share(part: str, whole: str) -> str:
    """Part of a whole; 0 where nothing of the part was ever counted, as with errors that never happened."""
    return f"({or_zero(part, whole)}) / ({whole})"


def or_zero(part: str, whole: str) -> str:
    """A part, 0 where it has no series while the whole has: a dashboard tells "none" and "unknown" apart."""
    return f"{part} or 0 * {whole}"


def top(number: int, expression: str) -> str:
    return f"topk({number}, {expression})"
