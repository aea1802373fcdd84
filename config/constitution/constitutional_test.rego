# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.constitutional_test

import data.acgs.evaluation.actions
import data.acgs.evaluation.actions_test
import data.acgs.evaluation.constitutional
import data.acgs.evaluation.principles_test
import data.acgs.evaluation.resources
import data.acgs.evaluation.safety
import data.acgs.evaluation.transparency
import data.acgs.main_test

permitted := main_test.permitted

in_context(changes) := principles_test.in_context(changes)

without(names) := object.union(object.remove(permitted, ["context"]), {"context": object.remove(permitted.context, names)})

test_strict_mode_wants_a_higher_score if {
	middling := object.union(in_context({"benefit_assessment": 0.5, "harm_risk_assessment": 0.3}), actions_test.proved)
	constitutional.verdict.allow with input as middling with data.acgs.agents as actions_test.trusted
	got := constitutional.verdict with input as middling
		with data.acgs.agents as actions_test.trusted
		with data.acgs.mode.strict as true
	not got.allow
	got.reasons == ["the compliance score 0.954 is below 0.98"]
	good := object.union(permitted, actions_test.proved)
	constitutional.verdict.allow with input as good
		with data.acgs.agents as actions_test.trusted
		with data.acgs.mode.strict as true
}

test_a_low_score_refuses_without_any_violation if {
	asked := in_context({"benefit_assessment": 0, "harm_risk_assessment": 0.3, "fairness_assessment": 0.8})
	got := constitutional.verdict with input as asked
	not got.allow
	got.reasons == ["the compliance score 0.914 is below 0.95"]
}

# What refuses by itself, and the one reason beside the score.
refused := [
	[in_context({"environment": {"isolation_level": "none"}}), "context.environment.isolation_level is not strict"],
	[in_context({"environment": {"sandbox_enabled": false}}), "the environment is not sandboxed"],
	[in_context({"environment": {"audit_enabled": false}}), "there is no audit trail: audit_enabled is not true"],
	[in_context({"agent": {"trust_level": 0.69}}), "the agent's trust level 0.69 is below 0.7"],
	[in_context({"current_usage_count": 101}), "the usage count exceeds 100"],
	[in_context({"current_usage_count": "1"}), "the usage count exceeds 100"],
	[in_context({"harm_risk_assessment": 0.31}), "the risk of harm 0.31 exceeds 0.3"],
	[in_context({"fairness_assessment": 0.79}), "the fairness 0.79 is below 0.8"],
	[in_context({"affects_protected_groups": true}), "protected groups are affected and fairness was not assessed"],
	[in_context({"overrides_user_preference": true}), "a user's preference is overridden without consent"],
	[in_context({"agent": {"requested_resources": {"cpu_cores": 3}}}), "cpu_cores 3 exceeds the limit of 2"],
	[in_context({"agent": {"requested_resources": {"cpu_cores": "2"}}}), "cpu_cores is not a number from 0"],
	[in_context({"agent": {"requested_resources": {"network_access": "yes"}}}), "network_access is not true or false"],
	[object.union(permitted, {"action": "data.frobnicate"}), "action data.frobnicate is not known"],
	[object.union(permitted, {"action": "data.delete_all"}), "action data.delete_all is dangerous and never allowed"],
	[object.union(permitted, {"action": "data.read_files"}), "action data.read_files is for agents whose trust is attested"],
	[object.union(permitted, {"agent_id": "A"}), "an agent's id is a text of lower-case letters, digits and . _ : @ -"],
	[object.union(without(["explanation"]), {"action": "user.recommend_content"}), "user.recommend_content needs an explanation of at least 20 characters and 3 words"],
	[object.union(without(["responsible_party"]), {"action": "system.backup_data"}), "actions on the system need a responsible_party"],
]

wrong_or_score(wrong, reason) if reason == wrong

wrong_or_score(_, reason) if startswith(reason, "the compliance score ")

test_each_thing_wrong_is_the_reason if {
	every row in refused {
		[asked, wrong] := row
		got := constitutional.verdict with input as asked
		not got.allow
		wrong in got.reasons
		every reason in got.reasons {
			wrong_or_score(wrong, reason)
		}
	}
}

test_resources_in_another_form_are_refused if {
	every odd in [[], "all", 7, null] {
		got := resources.evaluation with input as object.union(
			object.remove(permitted, ["context"]),
			{"context": object.union(permitted.context, {"agent": {"trust_level": 0.9, "requested_resources": odd}})},
		)
		got.violations == ["requested_resources is not an object"]
		got.score == 0
		not got.within_limits
	}
	every access in [true, false] {
		got := resources.evaluation with input as in_context({"agent": {"requested_resources": {"network_access": access}}})
		got == {"passed": true, "score": 1, "violations": [], "within_limits": true}
	}
}

# A name that no dangerous word gives away is dangerous by itself.
test_no_administrator_makes_a_named_danger_known if {
	named := {action |
		some action in actions.dangerous_actions
		not actions.harmful(actions.forms_of(action))
	}
	count(named & {"data.delete_all", "network.scan", "system.delete_files"}) == 3
	every action in actions.dangerous_actions {
		got := safety.evaluation with input as object.union(permitted, {"action": action})
			with data.acgs.actions as {action: {"unattested": true}}
		got.violations == [sprintf("action %v is dangerous and never allowed", [action])]
		got.risk_level == "critical"
	}
}

test_the_risk_is_told_by_what_is_wrong if {
	safety.evaluation.risk_level == "low" with input as permitted
	safety.evaluation.risk_level == "high" with input as in_context({"environment": {"sandbox_enabled": false}})
	safety.evaluation.risk_level == "critical" with input as object.union(permitted, {"action": "network.scan"})
}

test_what_is_watched_and_which_session_it_is if {
	data_ := constitutional.verdict with input as in_context({"session_id": "s-7"})
	data_.monitoring_requirements == ["log_all_data_access", "track_resource_usage"]
	data_.session_id == "s-7"
	other := constitutional.verdict with input as object.union(permitted, {"action": "system.backup_data"})
	other.allow
	other.monitoring_requirements == ["track_resource_usage"]
	not "session_id" in object.keys(other)
	odd := constitutional.verdict with input as in_context({"session_id": 7})
	not "session_id" in object.keys(odd)
}

test_an_explanation_has_a_length_and_words if {
	transparency.evaluation == {"passed": true, "score": 1, "explanation_quality": "good", "violations": []} with input as permitted
	silent := object.union(in_context({"explanation": ""}), {"action": "data.read_internal"})
	transparency.evaluation == {"passed": false, "score": 0, "explanation_quality": "missing", "violations": []} with input as silent
	transparency.explanation_quality == "good" with input as in_context({"explanation": "for a good reason of"})
	every short in ["for a good reason o", "because", "aaaaaaaaaaaaaaaaaaaa bbbbbbbbbb"] {
		asked := object.union(in_context({"explanation": short}), {"action": "data.read_internal"})
		transparency.explanation_quality == "insufficient" with input as asked
		transparency.score == 0.3 with input as asked
	}
	every none in [null, 7, "", " "] {
		asked := object.union(in_context({"explanation": none}), {"action": "data.read_internal"})
		transparency.explanation_quality == "missing" with input as asked
		transparency.score == 0 with input as asked
	}
}

test_the_limits_are_the_documented_ones if {
	resources.limits == {"cpu_cores": 2, "memory_gb": 4, "disk_gb": 10, "execution_time_seconds": 300, "network_mbps": 100}
	constitutional.weights == {"safety": 0.3, "constitutional": 0.4, "resources": 0.2, "transparency": 0.1}
	transparency.scores == {"good": 1, "not_required": 0.9, "insufficient": 0.3, "missing": 0}
}

test_only_a_permission_says_how_long_it_holds if {
	given := constitutional.verdict with input as permitted
	given.valid_seconds == 3600
	refused_ := constitutional.verdict with input as object.union(permitted, {"action": "data.delete_all"})
	not "valid_seconds" in object.keys(refused_)
}
