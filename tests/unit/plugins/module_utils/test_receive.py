# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whether every router has the same hashrings, by pages that stand for those of routers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _pod_endpoints, _receive
from ansible_collections.longterm.metrics.plugins.module_utils._endpoint import EndpointError
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._service import Pod

OPTIONS = {
    **{"namespace": "metrics", "selector": "app=router", "port": 10902, "config_hash": 101348360701427},
    **{"via": "port_forward", "timeout": 5.0, "wait_timeout": 30},
}
RIGHT, WRONG = "thanos_receive_config_hash 1.01348360701427e+14\n", "thanos_receive_config_hash 7\n"


class Page:
    def __init__(self, text: str) -> None:
        self.text = text

    def get(self, path: str) -> str:
        assert path == "/metrics"
        if self.text == "hangs":
            raise EndpointError("no answer", hangs=True)
        return self.text


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> Any:
    def look(pages: dict[str, str], problems: dict[str, str] | None = None, attempts: int = 1) -> _receive.Seen:
        pods = [Pod("metrics", name, 10902, (problems or {}).get(name, ""), "") for name in pages]

        @contextmanager
        def open_pod(_cluster: Any, pod: Pod, _via: str, **_options: Any) -> Iterator[Page]:
            yield Page(pages[pod.name])

        monkeypatch.setattr(_pod_endpoints, "of_selector", lambda *_arguments: pods)
        monkeypatch.setattr(_pod_endpoints, "open_pod", open_pod)
        return _receive.wait_for(None, OPTIONS, range(attempts))  # type: ignore[arg-type]

    return look


def test_routers_with_the_hashrings_are_ready(look: Any) -> None:
    assert look({"r-0": RIGHT, "r-1": RIGHT}).routers == {"r-0": 101348360701427, "r-1": 101348360701427}


def test_a_router_that_is_going_away_is_not_asked(look: Any) -> None:
    assert look({"r-0": RIGHT, "r-1": WRONG}, {"r-1": "is going away"}).routers == {"r-0": 101348360701427}


@pytest.mark.parametrize(
    ("pages", "problems", "finding"),
    [
        ({"r-0": RIGHT, "r-1": WRONG}, {}, "Pod metrics/r-1 has other hashrings: its thanos_receive_config_hash is 7"),
        ({"r-0": "up 1\n"}, {}, "Pod metrics/r-0 has no metric thanos_receive_config_hash; is it a router?"),
        ({"r-0": "hangs"}, {}, "Pod metrics/r-0 cannot be asked: no answer"),
        ({"r-0": RIGHT}, {"r-0": "is Pending"}, "Pod metrics/r-0 is Pending"),
        ({}, {}, "no pod in namespace metrics has the labels app=router"),
    ],
)
def test_anything_else_is_a_finding(look: Any, pages: dict[str, str], problems: dict[str, str], finding: str) -> None:
    with pytest.raises(MetricsError, match="Not every router in namespace metrics has the hashrings") as error:
        look(pages, problems)
    assert error.value.details["findings"] == [finding]
