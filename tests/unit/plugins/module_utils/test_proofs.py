# Copyright: (c) 2026, the longterm.metrics founders
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What becomes of a proof, and what the report says."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.longterm.metrics.plugins.module_utils import _proofs
from ansible_collections.longterm.metrics.plugins.module_utils._errors import MetricsError
from ansible_collections.longterm.metrics.plugins.module_utils._proofs import Proof, State

NOW = 1_795_176_344.0
SKIPPED = {"changed": False, "skipped": True, "skip_reason": "Conditional result was False"}


def proof(number: int = 7, **changes: Any) -> dict[str, Any]:
    declared = {"number": number, "name": "rules healthy", "look": "the page /rules", "steps": {"rules": {"changed": False}}}
    return {**declared, "seen": "12 rules", "evidence": 12, **changes}


def judged(check_mode: bool = False, not_due_allowed: bool = False, earlier: str = "", **changes: Any) -> _proofs.Outcome:
    settings = {"check_mode": check_mode, "not_due_allowed": not_due_allowed, "earlier": earlier}
    return _proofs.judge(Proof.of(proof(**changes)), now=NOW, **settings)  # type: ignore[arg-type]


def test_a_proof_passes_when_its_steps_ran_and_something_was_seen() -> None:
    outcome = judged()
    assert (outcome.state, outcome.text, outcome.fails) == (State.PASSED, "12 rules", False)


def test_a_proof_of_several_steps_shows_what_each_took() -> None:
    timed = [{"step": "firing", "seconds": 4.2}, {"step": "removed", "seconds": 9.8}]
    assert judged(seen="", timed=timed).text == "firing 4 s, removed 10 s"


def test_a_proof_that_saw_nothing_fails_though_nothing_went_wrong() -> None:
    outcome = judged(evidence=0, seen="0 rules")
    assert (outcome.state, outcome.errors, outcome.fails) == (State.FAILED, ["Nothing was seen that proves it (0 rules)."], True)


def test_a_step_that_failed_fails_the_proof_whatever_else_holds() -> None:
    outcome = judged(steps={"a": {"msg": "No."}, "b": SKIPPED}, switches={"verify_rules": False}, due=NOW + 60, check_mode=True)
    assert (outcome.state, outcome.errors, outcome.fails) == (State.FAILED, ["No."], True)


def test_what_a_variable_turned_off_did_not_run_and_was_asked_for() -> None:
    outcome = judged(steps={"rules": SKIPPED}, switches={"verify_rules": False, "rules_enabled": True}, evidence=0)
    assert (outcome.state, outcome.text, outcome.fails) == (State.NOT_RUN, "turned off by verify_rules", False)


def test_only_a_proof_that_would_change_the_cluster_is_left_out_by_check_mode() -> None:
    outcome = judged(steps={"rules": SKIPPED}, writes=True, check_mode=True)
    assert (outcome.state, outcome.text, outcome.fails) == (State.NOT_RUN, "check mode: it would change the cluster", False)
    assert judged(steps={"rules": SKIPPED}, check_mode=True).fails
    assert judged(steps={"rules": SKIPPED}, writes=True).fails


@pytest.mark.parametrize("step", [SKIPPED, {}])
def test_what_did_not_run_without_being_asked_for_fails_with_the_true_reason(step: dict[str, Any]) -> None:
    outcome = judged(steps={"rules": step}, earlier="proof 5 (blocks read back)")
    assert (outcome.state, outcome.fails) == (State.NOT_RUN, True)
    assert outcome.errors == ["It did not run (rules): an earlier failure: proof 5 (blocks read back)."]
    assert "--tags" in judged(steps={"rules": step}).text


def test_an_optional_step_may_be_skipped_and_no_other() -> None:
    steps = {"rules": {"changed": False}, "more": SKIPPED}
    assert judged(steps=steps, optional=["more"]).state is State.PASSED
    assert judged(steps=steps).state is State.NOT_RUN


def test_what_is_not_due_says_when_it_is_and_fails_unless_that_is_allowed() -> None:
    outcome = judged(due=NOW + 1, evidence=0)
    assert (outcome.state, outcome.fails) == (State.NOT_DUE, True)
    assert outcome.text.startswith(f"before {_proofs.clock(NOW + 1, NOW)}; so far 12 rules")
    assert "verify_not_due_allowed" in outcome.errors[0]
    assert not judged(due=NOW + 1, not_due_allowed=True).fails
    # It was left out, so nothing was asked, even if its time has come meanwhile.
    assert judged(due=NOW - 1).state is State.NOT_DUE


def test_a_loop_fails_with_the_items_that_failed_by_their_names() -> None:
    results = [
        {"item": {"what": "The oldest block"}, "msg": "No samples."},
        {"item": {"what": "A middle one"}},
        {"item": 3, "msg": "x"},
    ]
    assert judged(steps={"loop": {"msg": "All items completed", "results": results}}).errors == [
        "The oldest block: No samples.",
        "x",
    ]


def test_a_skipped_task_is_no_failure_whatever_it_says() -> None:
    assert list(_proofs.errors_of({**SKIPPED, "msg": "skipped, since it is check mode"})) == []


@pytest.mark.parametrize("wrong", [{"sean": "x"}, {"look": None}])
def test_a_proof_that_is_declared_wrongly_is_refused(wrong: dict[str, Any]) -> None:
    declared = {name: value for name, value in {**proof(), **wrong}.items() if value is not None}
    with pytest.raises(MetricsError, match=r"Proof 7 has (sean, which no proof has|no look)"):
        Proof.of(declared)


def reported(*proofs: dict[str, Any], check_mode: bool = False, not_due_allowed: bool = False) -> dict[str, Any]:
    return _proofs.report(proofs, check_mode=check_mode, not_due_allowed=not_due_allowed, now=NOW)


def test_the_table_has_a_line_for_each_proof_whatever_became_of_it() -> None:
    off = proof(8, name="alert arrives", steps={"alert": SKIPPED}, switches={"verify_alert": False})
    report = reported(proof(1), proof(2, steps={"a": {"msg": "No."}}), off)
    assert report["table"] == [
        "1   rules healthy       passed       12 rules",
        "2   rules healthy       FAILED       see below",
        "8   alert arrives       did not run  turned off by verify_alert",
    ]
    assert report["failures"] == ["2. rules healthy: No. Look at: the page /rules."]
    assert report["details"] == "2. rules healthy: No. Look at: the page /rules."
    assert report["summary"] == "1 of 3 proofs fail: 2 (rules healthy)."
    assert not report["cut"]


def test_of_many_lines_three_are_shown_and_all_are_in_the_details() -> None:
    report = reported(proof(steps={"a": {"msg": "Not so:\n- one\n- two"}, "b": {"msg": "- three\n- four"}}))
    assert report["failures"] == [
        "7. rules healthy: Not so:",
        "   - one",
        "   and 3 more lines. Look at: the page /rules.",
    ]
    assert report["cut"]
    assert report["details"].splitlines() == [
        "7. rules healthy: Not so:",
        "   - one",
        "   - two",
        "   - three",
        "   - four. Look at: the page /rules.",
    ]


def test_three_lines_are_shown_as_they_are() -> None:
    report = reported(proof(steps={"a": {"msg": "Not so:\n- one\n- two"}}))
    assert report["failures"][2] == "   - two. Look at: the page /rules."
    assert not report["cut"]


def test_a_line_without_an_end_is_cut_and_is_whole_in_the_details() -> None:
    report = reported(proof(steps={"a": {"msg": "x" * 5000}}))
    assert len(report["failures"]) == 1
    assert len(report["failures"][0]) < 500
    assert "x" * 5000 in report["details"]


def test_what_did_not_run_for_an_earlier_failure_names_it() -> None:
    report = reported(proof(1, steps={"a": {"msg": "No."}}), proof(2, steps={"b": SKIPPED}))
    assert report["table"][1].endswith("did not run  an earlier failure: proof 1 (rules healthy)")
    assert len(report["failures"]) == 2


def test_a_run_that_accepts_what_is_not_due_has_no_failure() -> None:
    late = proof(due=NOW + 3600)
    assert reported(late, not_due_allowed=True)["failures"] == []
    assert len(reported(late)["failures"]) == 1


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("GET https://ops:hunter2@example.com/x failed", "hunter2"),
        ("header Authorization: Bearer aGVsbG8gd29ybGQ", "aGVsbG8gd29ybGQ"),
        ("header Authorization: Basic b3BzOmh1bnRlcjI=", "b3BzOmh1bnRlcjI="),
        ('{"secret_key": "hunter2", "bucket": "b"}', "hunter2"),
        ("access_key=AKIDEXAMPLE refused", "AKIDEXAMPLE"),
        ("password: 'correct horse'", "correct horse"),
        ("api-key=0123456789", "0123456789"),
        ("GET https://ops:hunt/er2@example.com/x failed", "er2"),
        ("GET https://ops:hunt@er2@example.com/x failed", "er2"),
        ("GET https://ghp_0123456789@example.com/x failed", "ghp_0123456789"),
        ("client_secret: hunter2", "hunter2"),
        ("AccountKey=aGVsbG8=;EndpointSuffix=x", "aGVsbG8="),
        ("header Authorization: Token hunter2", "hunter2"),
        ("GET /x?X-Amz-Signature=0123456789 failed", "0123456789"),
        ("POST https://api.telegram.org/bothunter2/send failed", "hunter2"),
        ("GET /a?sig=hunter2 failed", "hunter2"),
        ("routing_key: hunter2", "hunter2"),
        ("dial bob:hunter2@h:9090", "hunter2"),
        ("POST https://hooks.slack.com/services/T0/B0/hunter2 failed", "hunter2"),
    ],
)
def test_no_part_of_a_report_shows_what_looks_like_a_secret(said: str, hidden: str) -> None:
    report = reported(proof(steps={"a": {"msg": "\n".join([said] * 5)}}), proof(seen=said))
    assert hidden not in str(report)
    assert "***" in report["failures"][0]


def test_a_report_shows_what_only_mentions_secrets() -> None:
    said = "Secret metrics/object-store-credentials has no AWS_SECRET_ACCESS_KEY; it has user. Its token expired."
    assert _proofs.masked(said) == said


def test_a_time_of_another_day_has_its_date() -> None:
    assert len(_proofs.clock(NOW, NOW)) == len("12:05")
    assert len(_proofs.clock(NOW + 86_400, NOW)) == len("2026-11-21 12:05")
