# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One PromQL query, asked until its answer is as wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from ansible_collections.longterm.metrics.plugins.module_utils import _store_faults
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import Endpoint, may_pass
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError, missing_library
from ansible_collections.longterm.metrics.plugins.module_utils._prometheus import Answer, Prometheus, describe

Connect = Callable[[], AbstractContextManager[Endpoint]]


class Condition:
    """A JMESPath expression over a query's result. Raises MetricsError when it is none."""

    def __init__(self, expression: str) -> None:
        try:
            import jmespath
        except ImportError as error:
            raise missing_library("jmespath", error) from error
        self.expression = expression
        self._error: type[Exception] = jmespath.exceptions.JMESPathError
        try:
            self._compiled = jmespath.compile(expression)
        except self._error as error:
            raise MetricsError(f"expect is no JMESPath expression: {' '.join(str(error).split())}") from error

    def holds(self, result: Any) -> bool:
        """Truth as JMESPath has it; a number, always true there, is refused as the slip it nearly always is."""
        try:
            value = self._compiled.search(result)
        except self._error:
            # A function applied to null: the result has not that shape yet.
            return False
        if isinstance(value, int | float) and not isinstance(value, bool):
            raise MetricsError(f"expect ({self.expression}) gives the number {value}; compare it, as in length(@) > `0`.")
        return value is not False and value not in (None, "", [], {})


def ask(connect: Connect, options: Mapping[str, Any], attempts: Iterable[int]) -> Answer:
    """The answer to `options["query"]`; with `options["expect"]` the first one that fulfils it.

    Raises PrometheusError for a refused query, MetricsError when the attempts end before `expect` is fulfilled.
    """
    query, expect = options["query"], options.get("expect")
    condition = Condition(expect) if expect else None
    seen, hangs = "nothing", False
    for _attempt in attempts:
        try:
            with connect() as endpoint:
                answer = Prometheus(endpoint).query(query, options)
        except MetricsError as error:
            if not may_pass(error):
                raise
            seen, hangs = error.message, getattr(error, "hangs", False)
            if condition is None:
                if faults := _faults(connect, options, ask_each=hangs):
                    raise MetricsError(f"{seen} {faults}", **error.details) from error
                raise
            continue
        if condition is None or condition.holds(answer.result):
            return answer
        seen, hangs = f"{endpoint.name} answered with {describe(answer)}", False
        seen += f" and the warnings {'; '.join(answer.warnings)[:300]}" if answer.warnings else ""
    advice = "Ask the same there by hand; if its series are missing, look at the targets and stores behind it."
    raise MetricsError(
        f"The answer to {query!r} did not become as wanted ({expect}) within {options['wait_timeout']} s. Last seen: {seen}. "
        + (_faults(connect, options, ask_each=hangs) or advice)
    )


def _faults(connect: Connect, options: Mapping[str, Any], *, ask_each: bool) -> str:
    """What is wrong with the stores behind a Thanos Query that did not answer as wanted, as sentences."""
    try:
        with connect() as endpoint:
            faults = _store_faults.find(endpoint, options, ask_each=ask_each)
    except MetricsError:
        return ""
    return " ".join(f"Its store {fault}." for fault in faults)
