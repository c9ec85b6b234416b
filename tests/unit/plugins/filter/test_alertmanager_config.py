# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter alertmanager_config."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible_collections.longterm.metrics.plugins.filter import alertmanager_config as plugin

alertmanager_config = plugin.FilterModule().filters()["alertmanager_config"]


def receiver(name: str, secret: str) -> dict[str, Any]:
    return {"name": name, "slack": [{"channel": "#a", "api_url_secret": {"name": secret, "key": "url"}}]}


def test_the_secrets_to_mount_are_each_named_once_and_in_order() -> None:
    made = alertmanager_config({"receivers": [receiver(f"of-{number}", name) for number, name in enumerate("zyxwvuz")]})
    assert (made["secrets"], made["problems"]) == (list("uvwxyz"), [])


def test_what_is_wrong_is_returned_and_not_raised() -> None:
    made = alertmanager_config({"route": {"receiver": "a"}, "routes": [{"receiver": "b"}]})
    assert [problem.partition(" ")[0] for problem in made["problems"]] == [
        "alertmanager_route.receiver",
        "alertmanager_routes[0].receiver",
    ]


def test_what_is_no_mapping_is_refused() -> None:
    with pytest.raises(AnsibleFilterError, match="takes a mapping, not list"):
        alertmanager_config([])


def test_the_example_of_its_documentation_has_no_problems() -> None:
    (task,) = yaml.safe_load(plugin.EXAMPLES)
    made = alertmanager_config(task["vars"]["variables"])
    assert (made["secrets"], made["problems"]) == (["slack"], [])
    assert made["config"]["route"]["receiver"] == "on-call"
