# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tenants of Thanos Receive, by the headers of remote writes."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._receive_tenants import problems, tenant_of

HEADER = "THANOS-TENANT"


@pytest.mark.parametrize(
    ("headers", "tenant"),
    [({}, "default"), ({"X-Other": "a"}, "default"), ({HEADER: "a"}, "a"), ({"thanos-tenant": "b"}, "b")],
)
def test_the_header_names_the_tenant_in_any_case(headers: dict[str, str], tenant: str) -> None:
    assert tenant_of({"headers": headers}, HEADER, "default") == tenant


def test_a_tenant_that_receive_refuses_is_named() -> None:
    assert problems({}, HEADER, "default") == []
    assert problems({"headers": {"thanos-tenant": "team/a"}}, HEADER, "default") == [
        "prometheus_receive_options.headers.THANOS-TENANT is team/a; must be the name of a tenant, without slashes."
    ]
    # The judge of the options names what is no dictionary.
    assert problems({"headers": ["a"]}, HEADER, "default") == []
