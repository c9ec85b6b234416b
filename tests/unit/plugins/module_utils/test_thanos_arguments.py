# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils._thanos_arguments import OWN
from ansible_collections.longterm.metrics.plugins.plugin_utils.settings import judgement


@pytest.mark.parametrize("variable", OWN)
def test_a_flag_comes_from_a_variable_that_a_role_has(variable: str) -> None:
    known = {name for role in judgement.every_role() for name in judgement.role(role).options}
    assert variable in known
    assert {name for name in OWN[variable].values() if name} <= known
