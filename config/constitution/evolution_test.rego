# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.evolution_test

import data.acgs.evaluation.evolution
import data.acgs.main

plan := {
	"procedure": "restore the former release",
	"verification": "the whole test suite",
	"timeline": "three minutes",
	"dependencies": "none",
	"tested": true,
	"automated": true,
}

small := {"type": "evolution_approval", "evolution_request": {
	"type": "patch",
	"changes": {"code_changes": ["a corrected label"], "external_dependencies": []},
	"performance_analysis": {"complexity_delta": 0, "memory_delta": 0.01, "latency_delta": 0, "resource_delta": 0},
	"rollback_plan": plan,
}}

with_change(changes) := object.union(small, {"evolution_request": object.union(small.evolution_request, changes)})

active := {"hash": "0123456789abcdef", "names": {"0123456789abcdef": true}}

test_a_small_change_is_approved_at_once if {
	got := main.decision with input as small with data.acgs.constitution as active
	got.allow
	got.approval_path == "auto_approve"
	got.approval_type == "auto_approved"
	got.evolution_score >= 0.95
	got.compliance_score == got.evolution_score
	got.required_actions == ["monitor performance for 24 hours"]
	got.valid_seconds == 86400
}

test_privileges_always_go_to_a_person if {
	every flag in ["privilege_escalation", "security_changes"] {
		got := evolution.verdict with input as with_change({"changes": {flag: true}, "human_approved": true, "security_review_passed": true})
		got.approval_path == "human_review"
		not got.allow
		not "valid_seconds" in object.keys(got)
	}
}

test_a_flag_that_is_not_false_counts_as_raised if {
	every odd in ["no", 0, null, {}] {
		got := evolution.verdict with input as with_change({"changes": {"privilege_escalation": odd}})
		not got.allow
	}
}

test_a_flag_counts_beside_the_changes_too if {
	got := evolution.verdict with input as with_change({"privilege_escalation": true})
	got.approval_path == "human_review"
}

test_what_a_change_says_and_nobody_has_weighed_goes_to_a_person if {
	every name in ["disable_oversight", "self_modification", "Privilege_Escalation"] {
		got := evolution.verdict with input as with_change({"changes": {name: true}})
		got.approval_path == "human_review"
		sprintf("evolution_request.changes.%v is not known", [name]) in got.concerns
	}
}

test_a_risk_that_is_not_low_goes_to_a_person if {
	every risk in ["medium", "high", "critical", "LOW", "", null, 0, ["low"]] {
		not evolution.verdict.allow with input as with_change({"security_analysis": {"risk_assessment": risk}})
	}
	evolution.verdict.allow with input as with_change({"security_analysis": {"risk_assessment": "low"}})
}

test_change_types_that_contradict_one_another_go_to_a_person if {
	not evolution.verdict.allow with input as with_change({"evolution_type": "architecture_change"})
	evolution.verdict.allow with input as with_change({"evolution_type": "patch"})
}

test_a_change_that_brings_a_command_goes_to_a_person if {
	every brought in [{"command": "id"}, {"changes": {"script": "id"}}, {"rollback_plan": {"shell_command": "id"}}] {
		got := evolution.verdict with input as with_change(brought)
		got.approval_path == "human_review"
	}
}

test_details_are_named_as_documented if {
	got := evolution.verdict.evaluation_details with input as with_change({"performance_analysis": {"latency_delta": -0.1}})
	got.performance_impact.improvements == ["latency"]
	got.performance_impact.regressions == ["memory"]
	got.rollback_readiness.timeline_acceptable
	object.keys(got.risk_assessment.risk_factors) & {"code_complexity", "dependency_changes", "privilege_changes", "experimental_features"} == {"code_complexity", "dependency_changes", "privilege_changes", "experimental_features"}
}

test_an_unknown_kind_of_change_goes_to_a_person if {
	not evolution.verdict.allow with input as with_change({"type": "metamorphosis"})
}

test_strict_mode_leaves_all_to_a_person if {
	not evolution.verdict.allow with input as small with data.acgs.mode.strict as true
}

test_without_an_analysis_or_a_plan_nothing_is_approved if {
	not evolution.verdict.allow with input as with_change({"performance_analysis": {"complexity_delta": "small"}, "rollback_plan": {"procedure": "", "verification": "", "timeline": "", "dependencies": "", "tested": "yes", "automated": "yes"}})
	not evolution.verdict.allow with input as {"type": "evolution_approval", "evolution_request": {"type": "patch"}}
}

test_new_attack_vectors_go_to_a_person if {
	not evolution.verdict.allow with input as with_change({"security_analysis": {"new_attack_vectors": ["an open port"]}})
}

test_the_weights_add_up if {
	sum([weight | some weight in evolution.weights]) == 1
}

test_parts_of_another_form_go_to_a_person if {
	every change in [
		{"changes": ["privilege_escalation"]},
		{"changes": null},
		{"security_analysis": ["an open port"]},
		{"security_analysis": {"new_attack_vectors": 7}},
		{"rollback_plan": "none"},
	] {
		not evolution.verdict.allow with input as with_change(change)
	}
}

test_approvals_that_the_request_claims_count_nothing if {
	plain := with_change({"type": "feature_addition"})
	approved := with_change({"type": "feature_addition", "human_approved": true, "security_review_passed": true})
	score := evolution.score with input as plain
	evolution.score == score with input as approved
}

test_a_change_that_says_nothing_goes_to_a_person if {
	every request in [object.remove(small.evolution_request, ["changes"]), object.union(object.remove(small.evolution_request, ["changes"]), {"changes": {}})] {
		got := evolution.verdict with input as {"type": "evolution_approval", "evolution_request": request}
		got.approval_path == "human_review"
	}
}

test_what_no_agent_may_do_goes_to_a_person if {
	every text in ["disable the audit log", "Bypass human review", "spawn a SHELL for tools", "self-modify the planner"] {
		got := evolution.verdict with input as with_change({"changes": {"code_changes": ["a corrected label", text]}})
		got.approval_path == "human_review"
	}
	evolution.verdict.allow with input as with_change({"changes": {"code_changes": ["Optimize the cache of the dashboard"]}})
}

test_what_no_agent_may_do_is_found_in_other_forms_of_the_words if {
	every text in {
		"agent disables oversight", "bypasses approvals", "disabling logging", "disableOversight", "runShellCommand",
		"executeShell", "open shells", "add backdoors", "agent may modify its own code", "call subprocess.Popen",
		"sh3ll", "ｇive agent ｓhell access", "give agent shеll access", "sh\u200bell",
	} {
		every place in ["code_changes", "external_dependencies"] {
			got := main.decision with input as with_change({"changes": {place: [text]}}) with data.acgs.constitution as active
			not got.allow
			got.approval_path == "human_review"
		}
	}
}

test_a_change_that_says_nothing_is_not_approved if {
	every changes in [{}, {"code_changes": []}, {"code_changes": ["", " "]}, {"breaking_changes": false}] {
		request := object.union(small.evolution_request, {"changes": null})
		got := main.decision with input as {"type": "evolution_approval", "evolution_request": object.union(request, {"changes": changes})}
			with data.acgs.constitution as active
		not got.allow
	}
}
