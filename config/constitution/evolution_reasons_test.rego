# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# One thing wrong at a time: each sends a change to a person, or costs what it
# should, for the reason named.
package acgs.evaluation.evolution_reasons_test

import data.acgs.evaluation.access_test
import data.acgs.evaluation.evolution
import data.acgs.evaluation.evolution_test

small := evolution_test.small

# A change with other members in whole, not merged with those of `small`.
replaced(members) := object.union(object.remove(small, ["evolution_request"]), {"evolution_request": object.union(
	object.remove(small.evolution_request, object.keys(members)),
	members,
)})

without(names) := object.union(
	object.remove(small, ["evolution_request"]),
	{"evolution_request": object.remove(small.evolution_request, names)},
)

analysis := small.evolution_request.performance_analysis

plan := small.evolution_request.rollback_plan

to_a_person := [
	[{"type": "metamorphosis"}, ["the change type metamorphosis is not known"]],
	[{"evolution_type": "bug_fix"}, ["the change types patch and bug_fix contradict one another"]],
	[{"changes": {}}, ["changes says nothing of what is to be changed"]],
	[{"changes": {"code_changes": ["Bug fix"], "privilege_escalation": true}}, ["the change raises privilege_escalation"]],
	[{"changes": {"code_changes": ["Bug fix"], "security_changes": true}}, ["the change raises security_changes"]],
	[{"security_analysis": {"risk_assessment": "medium"}}, ["the security analysis does not find the risk low"]],
	[{"security_analysis": {"new_attack_vectors": ["a new page"]}}, ["new attack vectors are reported"]],
	[{"mitigations": []}, ["evolution_request.mitigations is not an object", "mitigations has not the form that it should have"]],
	[
		{"performance_analysis": []},
		[
			"complexity_delta was not analysed", "evolution_request.performance_analysis is not an object",
			"latency_delta was not analysed", "memory_delta was not analysed", "performance_analysis has not the form that it should have",
			"resource_delta was not analysed",
		],
	],
	[
		{"security_analysis": {"new_attack_vectors": {}}},
		["evolution_request.security_analysis.new_attack_vectors is not a list of texts", "new_attack_vectors has not the form that it should have"],
	],
	[
		{"changes": {"code_changes": ["Bug fix"], "external_dependencies": {}}},
		["evolution_request.changes.external_dependencies is not a list of texts", "external_dependencies has not the form that it should have"],
	],
]

test_each_thing_wrong_is_the_concern if {
	every row in to_a_person {
		[members, concerns] := row
		got := evolution.verdict with input as replaced(members)
		got.approval_path == "human_review"
		got.approval_type == "human_review"
		not got.allow
		got.concerns == concerns
		got.reasons == sort(array.concat(concerns, [reason | some reason in got.reasons; startswith(reason, "the evolution score ")]))
		"approval by a person" in got.required_actions
	}
}

# What alone sends a change to a person, whatever it scores.
test_a_good_score_does_not_stand_for_a_person if {
	every members in [
		{"security_analysis": {"risk_assessment": "medium"}},
		{"changes": {"code_changes": ["Bug fix of oversight"]}},
	] {
		got := evolution.verdict with input as replaced(members)
		got.evolution_score >= evolution.auto_from
		got.approval_path == "human_review"
	}
	careful := {"changes": {"code_changes": ["Bug fix"], "security_changes": true}, "peer_reviewed": true, "mitigations": mitigated}
	got := evolution.verdict with input as replaced(careful)
	got.evolution_score >= evolution.fast_from
	got.approval_path == "human_review"
	got.required_actions == ["approval by a person", "security review"]
}

active := {"a-1": {"status": "active", "trust_level": 1}}

test_strict_mode_leaves_even_an_attested_agents_change_to_a_person if {
	asked := object.union(small, access_test.proved)
	evolution.verdict.approval_path == "auto_approve" with input as asked with data.acgs.agents as active
	got := evolution.verdict with input as asked with data.acgs.agents as active with data.acgs.mode.strict as true
	got.approval_path == "human_review"
	got.evolution_score >= evolution.auto_from
	got.reasons == ["strict mode leaves every change to a person"]
}

test_agents_that_are_not_active_change_nothing if {
	suspended := {"a-1": {"status": "suspended"}}
	got := evolution.verdict with input as replaced({"agent_id": "a-1"}) with data.acgs.agents as suspended
	got.approval_path == "human_review"
	got.concerns == ["agent a-1 is not active but suspended"]
	forged := object.union(replaced({"agent_id": "a-2"}), access_test.proved)
	posing := evolution.verdict with input as forged
	posing.concerns == ["the caller is a-1 and may not act as a-2"]
	posing.approval_path == "human_review"
}

test_the_type_stands_under_either_name if {
	every name in ["type", "evolution_type"] {
		only := object.union(without(["type"]), {"evolution_request": {name: "minor_update"}})
		evolution.verdict.allow with input as only
		evolution.type_risk == 0.02 with input as only
	}
	every odd in [7, ["patch"], {}] {
		got := evolution.verdict with input as replaced({"type": odd})
		"the change type  is not known" in got.concerns
		evolution.type_risk == 1 with input as replaced({"type": odd})
		other := object.union(without(["type"]), {"evolution_request": {"evolution_type": odd}})
		evolution.type_risk == 1 with input as other
	}
	evolution.type_risk == 1 with input as without(["type"])
	evolution.type_risks == {
		"patch": 0, "bug_fix": 0, "minor_update": 0.02, "configuration_change": 0.05, "feature_addition": 0.05,
		"major_update": 0.3, "architecture_change": 0.4,
	}
	evolution.flag_risks == {
		"privilege_escalation": 0.4, "security_changes": 0.3, "network_changes": 0.2, "experimental_features": 0.2,
		"breaking_changes": 0.2,
	}
}

test_what_a_plan_leaves_out_is_named_and_costs if {
	every field in ["procedure", "verification", "timeline", "dependencies"] {
		every text in [7, null, "", " ", ".", ["git revert"]] {
			got := evolution.verdict with input as replaced({"rollback_plan": object.union(object.remove(plan, [field]), {field: text})})
			sprintf("the rollback plan says nothing of %v", [field]) in got.concerns
			got.evaluation_details.rollback_readiness.score == 0.875
		}
	}
	silent := evolution.verdict with input as replaced({"rollback_plan": object.remove(plan, ["timeline"])})
	silent.approval_path == "auto_approve"
	silent.concerns == ["the rollback plan says nothing of timeline"]
	silent.reasons == []
	not silent.evaluation_details.rollback_readiness.timeline_acceptable
	every member in [["tested", 0.6], ["automated", 0.9]] {
		[name, rest] := member
		every odd in [false, "true", 1, null] {
			got := evolution.verdict with input as replaced({"rollback_plan": object.union(plan, {name: odd})})
			got.evaluation_details.rollback_readiness.score == rest
			got.evaluation_details.rollback_readiness[name] == false
		}
	}
	untested := evolution.verdict with input as replaced({"rollback_plan": object.union(plan, {"tested": false})})
	untested.concerns == ["the rollback plan was not tested"]
	"test the rollback plan" in untested.required_actions
}

test_what_an_analysis_leaves_out_counts_as_the_worst if {
	every name in ["complexity_delta", "memory_delta", "latency_delta", "resource_delta"] {
		every odd in ["0", "x", null, true] {
			got := evolution.verdict with input as replaced({"performance_analysis": object.union(analysis, {name: odd})})
			got.concerns == [sprintf("performance_analysis.%v has not the form that it should have", [name])]
			got.approval_path == "human_review"
			got.evaluation_details.performance_impact.score <= 0.75
		}
		left_out := evolution.verdict with input as replaced({"performance_analysis": object.remove(analysis, [name])})
		left_out.concerns == [sprintf("%v was not analysed", [name])]
		left_out.approval_path == "fast_track"
		left_out.evaluation_details.performance_impact.score <= 0.75
		worse := evolution.verdict with input as replaced({"performance_analysis": object.union(analysis, {name: 0.11})})
		worse.concerns == [sprintf("%v worsens by 0.11", [name])]
		slightly := evolution.verdict with input as replaced({"performance_analysis": object.union(analysis, {name: 0.1})})
		slightly.concerns == []
		better := evolution.performance with input as replaced({"performance_analysis": object.union(analysis, {name: -9})})
		better <= 1
	}
	awful := evolution.performance with input as replaced({"performance_analysis": {"complexity_delta": 1e300}})
	awful == 0
}

mitigated := {"sandbox_deployment": true, "gradual_rollout": true, "enhanced_monitoring": true}

# The best score does not make up for it.
test_what_is_not_analysed_is_not_approved_at_once if {
	every name in ["complexity_delta", "memory_delta", "latency_delta", "resource_delta"] {
		best := {"mitigations": mitigated, "peer_reviewed": true, "performance_analysis": object.union(analysis, {"memory_delta": 0})}
		evolution.approval_path == "auto_approve" with input as replaced(best)
		without_one := object.union(object.remove(best, ["performance_analysis"]), {"performance_analysis": object.remove(best.performance_analysis, [name])})
		evolution.approval_path == "fast_track" with input as replaced(without_one)
		evolution.score >= evolution.auto_from with input as replaced(without_one)
	}
}

test_members_of_another_form_go_to_a_person if {
	every place in [
		["mitigations", ["sandbox_deployment", "gradual_rollout", "enhanced_monitoring"], ["true", 1, null]],
		["rollback_plan", ["tested", "automated"], ["true", 1, null]],
		["rollback_plan", ["procedure", "verification", "timeline", "dependencies", "contact"], [true, 7, null]],
	] {
		[part, names, odds] := place
		every name in names {
			every odd in odds {
				whole := object.union(object.get(small.evolution_request, part, {}), {name: odd})
				got := evolution.verdict with input as replaced({part: whole})
				got.approval_path == "human_review"
				sprintf("%v.%v has not the form that it should have", [part, name]) in got.reasons
			}
		}
	}
}

test_a_review_that_was_not_passed_takes_away_and_one_that_was_gives_nothing if {
	every claim in ["human_approved", "peer_reviewed", "security_review_passed"] {
		passed := evolution.verdict with input as replaced({claim: true})
		passed.approval_path == "auto_approve"
		failed := evolution.verdict with input as replaced({claim: false})
		failed.approval_path == "fast_track"
		failed.concerns == [sprintf("%v is not true", [claim])]
		failed.evolution_score == passed.evolution_score
		lower := evolution.verdict with input as replaced({claim: false, "type": "feature_addition"})
		lower.approval_path == "fast_track"
		lower.concerns == []
		every odd in ["true", 1, null] {
			got := evolution.verdict with input as replaced({claim: odd})
			got.approval_path == "human_review"
			sprintf("%v has not the form that it should have", [claim]) in got.reasons
		}
	}
}

risk(members) := value if {
	value := evolution.overall_risk with input as replaced(members)
}

test_risks_add_up_and_mitigations_take_a_tenth_each if {
	risk({}) == 0
	every flag, each in evolution.flag_risks {
		risk({"changes": {"code_changes": ["Bug fix"], flag: true}}) == each
		risk({flag: true}) == each
		risk({"changes": {"code_changes": ["Bug fix"], flag: true}, flag: true}) == each
	}
	risk({"type": "metamorphosis"}) == 1
	risk({"changes": {"external_dependencies": ["a", "b"]}}) == 0.1
	risk({"changes": {"external_dependencies": [sprintf("%d", [n]) | some n in numbers.range(1, 100)]}}) == 0.5
	risk({"changes": {"external_dependencies": "none"}}) == 0.5
	round(risk({"breaking_changes": true, "mitigations": mitigated}) * 1000) == 140
	round(risk({"breaking_changes": true, "mitigations": {"sandbox_deployment": "true"}}) * 1000) == 200
	risk({"breaking_changes": true, "mitigations": "all"}) == 0.2
}

test_approval_is_for_small_changes_and_a_little_for_reviewed_ones if {
	every type in ["patch", "bug_fix", "minor_update"] {
		evolution.approval == 1 with input as replaced({"type": type})
		evolution.approval == 0 with input as replaced({"type": type, "changes": {"breaking_changes": true}})
	}
	evolution.approval == 0 with input as replaced({"type": "feature_addition"})
	evolution.approval == 0.6 with input as replaced({"type": "feature_addition", "peer_reviewed": true})
	every odd in ["true", 1, {}] {
		evolution.approval == 0 with input as replaced({"type": "feature_addition", "peer_reviewed": odd})
	}
}

test_a_path_follows_from_the_score if {
	fast := evolution.verdict with input as replaced({"type": "feature_addition", "peer_reviewed": true, "rollback_plan": object.union(plan, {"automated": false})})
	fast.approval_path == "auto_approve"
	reviewed := {"type": "feature_addition", "rollback_plan": object.union(plan, {"tested": false})}
	low := evolution.verdict with input as replaced(reviewed)
	low.approval_path == "human_review"
	low.reasons == ["the evolution score 0.877 is below 0.9", "the rollback plan was not tested"]
	better := evolution.verdict with input as replaced(object.union(reviewed, {"peer_reviewed": true}))
	better.approval_path == "fast_track"
	better.approval_type == "fast_track"
	better.allow
	better.reasons == []
	better.conditions == ["monitor performance for 24 hours", "roll back if the error rate exceeds 1%"]
	better.required_actions == ["monitor performance for 24 hours", "test the rollback plan"]
	low.conditions == []
	low.required_actions == ["approval by a person", "review by a second developer", "test the rollback plan"]
}
