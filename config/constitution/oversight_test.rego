# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.oversight_test

import data.acgs.evaluation.evolution
import data.acgs.evaluation.oversight
import data.acgs.evaluation.safety
import data.acgs.main_test

in_context(changes) := object.union(main_test.permitted, {"context": changes})

places(member) := [
	object.union(main_test.permitted, member), in_context(member), in_context({"agent": member}),
	in_context({"notes": [{"more": member}]}), in_context({"environment": member}),
]

test_what_takes_the_watchers_away_refuses if {
	every member in [
		{"sandbox_disabled": true}, {"disable_sandbox": 1}, {"sandboxDisabled": "yes"}, {"DISABLE-OVERSIGHT": {"a": 1}},
		{"skipAudit": true}, {"bypass_safety_checks": [1]}, {"no_sandbox": true}, {"noAudit": true}, {"unsandboxed": true},
		{"unmonitored": true}, {"auditOff": true}, {"sandbox_off": true}, {"without_monitoring": "true"}, {"suppress\"logging": true},
		{"oversight": false}, {"human_oversight": "off"}, {"sandbox": "None"}, {"monitoring_enabled": false}, {"audit_trail": "disabled"},
		{"sandbox_disabled": "false"},
	] {
		every request in places(member) {
			got := safety.evaluation with input as request
			not got.passed
			got.risk_level == "high"
			count(oversight.violations) > 0 with input as request
		}
	}
}

test_members_that_take_nothing_away_are_let_through if {
	every member in [
		{"sandbox_disabled": false}, {"skip_audit": null}, {"oversight": true}, {"human_oversight": "on"}, {"safety_officer": "pat"},
		{"notes_on_audit": "x"}, {"audit_report": "none"}, {"note": "the sandbox is not disabled"}, {"security_kickoff": "x"},
		{"legal_guardian": "x"}, {"disabled_features": ["x"]}, {"audit_enabled": true}, {"unsaved": true},
	] {
		safety.evaluation.passed with input as in_context(member)
		safety.evaluation.passed with input as object.union(main_test.permitted, member)
	}
}

test_the_environment_has_known_members_alone if {
	safety.evaluation.passed with input as in_context({"environment": {"isolation_level": "strict"}})
	every member in [{"sandbox_disabled": false}, {"region": "eu"}, {"Sandbox_Enabled": true}, {"": null}, {"isolation_level": "none"}, {"isolation_level": null}] {
		not safety.evaluation.passed with input as in_context({"environment": member})
	}
}

test_a_change_that_takes_the_watchers_away_goes_to_a_person if {
	got := evolution.verdict with input as {"type": "evolution_approval", "evolution_request": {"mitigations": {"skip_monitoring": true}}}
	got.approval_path == "human_review"
	"evolution_request.mitigations.skip_monitoring would switch off what watches over agents" in got.reasons
}
