# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the modules share."""

from __future__ import annotations

import pytest
from ansible.module_utils import _internal


@pytest.fixture(autouse=True)
def as_a_module_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests of action plugins make this process a controller, which prints a module's warnings instead of returning them."""
    monkeypatch.setattr(_internal, "is_controller", False)
