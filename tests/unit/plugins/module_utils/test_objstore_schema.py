# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of each type of object storage."""

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._objstore import SECRET_NAME, TYPES
from ansible_collections.longterm.metrics.plugins.module_utils._objstore_schema import PROVIDERS


def test_every_type_that_thanos_has_is_there() -> None:
    assert set(PROVIDERS) == set(TYPES)


@pytest.mark.parametrize("provider", TYPES)
def test_no_finding_shows_a_key(provider: str) -> None:
    secrets = [
        name for name in PROVIDERS[provider].fields if SECRET_NAME.search(name) and not name.startswith("application_credential_")
    ]
    said = " ".join(PROVIDERS[provider].judge({name: ["hunter2"] for name in secrets}, "config"))
    assert "hunter2" not in said
    assert [name for name in secrets if f"config.{name}" not in said] == []
