# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.principles_test

import data.acgs.evaluation.constitutional
import data.acgs.evaluation.principles
import data.acgs.evaluation.resources
import data.acgs.evaluation.transparency
import data.acgs.main_test

in_context(changes) := object.union(main_test.permitted, {"context": object.union(main_test.permitted.context, changes)})

test_harm_beyond_the_limit_is_a_violation if {
	principles.evaluation.passed with input as in_context({"harm_risk_assessment": 0.3})
	every harm in [0.31, 1, 2, -1, "none", null] {
		not principles.evaluation.passed with input as in_context({"harm_risk_assessment": harm})
	}
}

test_unfairness_is_a_violation if {
	every fairness in [0.79, 0, 1.01, "fair"] {
		not principles.evaluation.passed with input as in_context({"fairness_assessment": fairness})
	}
}

test_affecting_protected_groups_needs_an_assessment if {
	not principles.evaluation.passed with input as in_context({"affects_protected_groups": true})
	principles.evaluation.passed with input as in_context({"affects_protected_groups": true, "fairness_assessment": 0.9})
}

test_overriding_a_preference_needs_consent if {
	not principles.evaluation.passed with input as in_context({"overrides_user_preference": true})
	not principles.evaluation.passed with input as in_context({"overrides_user_preference": "yes", "user_consent": "yes"})
	principles.evaluation.passed with input as in_context({"overrides_user_preference": true, "user_consent": true})
}

test_an_action_that_overrides_by_its_name_needs_no_flag if {
	asked := object.union(main_test.permitted, {"action": "user.override_preference"})
	got := principles.evaluation with input as asked
	got.violations == ["a user's preference is overridden without consent"]
	got.principles.autonomy == 0
	consented := object.union(asked, {"context": {"user_consent": true}})
	principles.evaluation.passed with input as consented
	principles.autonomy == 0.9 with input as consented
}

test_a_refused_consent_refuses_what_touches_persons if {
	every odd in [false, "true", null, 1] {
		asked := object.union(in_context({"user_consent": odd}), {"action": "user.recommend_content"})
		got := principles.evaluation with input as asked
		got.violations == ["the user has not consented: user_consent is not true"]
		principles.evaluation.passed with input as in_context({"user_consent": odd})
	}
	principles.evaluation.passed with input as object.union(in_context({"user_consent": true}), {"action": "user.recommend_content"})
}

test_an_audit_trail_is_needed if {
	not principles.evaluation.passed with input as in_context({"environment": {"audit_enabled": false}})
}

test_the_system_needs_somebody_responsible if {
	alone := object.union(object.remove(main_test.permitted, ["context"]), {
		"action": "system.backup_data",
		"context": object.remove(main_test.permitted.context, ["responsible_party"]),
	})
	not principles.evaluation.passed with input as alone
}

test_resources_beyond_a_limit_are_refused if {
	every name, limit in resources.limits {
		asked := {"agent": {"trust_level": 0.9, "requested_resources": {name: limit + 1}}}
		not resources.evaluation.passed with input as in_context(asked)
		exact := {"agent": {"trust_level": 0.9, "requested_resources": {name: limit}}}
		resources.evaluation.passed with input as in_context(exact)
	}
}

test_resources_that_are_no_numbers_are_refused if {
	every amount in [-1, "1", null, [1]] {
		not resources.evaluation.passed with input as in_context({"agent": {"requested_resources": {"cpu_cores": amount}}})
	}
}

test_a_decision_needs_an_explanation if {
	every explanation in ["", "because", "aaaaaaaaaaaaaaaaaaaaaaaaaaa", 42] {
		asked := object.union(in_context({"explanation": explanation}), {"action": "decision.make_automated"})
		not constitutional.verdict.allow with input as asked
	}
}

test_public_reading_needs_none if {
	asked := object.union(
		object.remove(main_test.permitted, ["context"]),
		{"context": object.remove(main_test.permitted.context, ["explanation"])},
	)
	transparency.explanation_quality == "not_required" with input as asked
	constitutional.verdict.allow with input as asked
}

test_the_weights_add_up if {
	sum([weight | some weight in constitutional.weights]) == 1
}

test_resources_without_a_limit_are_refused if {
	every name in {"CPU_cores", "cpus", "memory_mb", "gpu"} {
		not resources.evaluation.passed with input as in_context({"agent": {"requested_resources": {name: 1}}})
	}
	not resources.evaluation.passed with input as in_context({"agent": {"requested_resources": {"cpu_cores": true}}})
	resources.evaluation.passed with input as in_context({"agent": {"requested_resources": {"network_mbps": 100, "network_access": true}}})
	every amount in [100.1, 1e9, -1, "1"] {
		not resources.evaluation.passed with input as in_context({"agent": {"requested_resources": {"network_mbps": amount}}})
	}
}

test_what_shows_nothing_explains_nothing if {
	blank := concat(" ", ["\u200b\u200b\u200b\u200b\u200b\u200b\u200b", "\u2060\u2060\u2060\u2060\u2060\u2060\u2060\u2060", "\u00ad\u00ad\u00ad\u00ad\u00ad"])
	every explanation in [blank, "- - - - - - - - - - - - - - - -"] {
		not transparency.sufficient with input as in_context({"explanation": explanation})
	}
	every nobody in ["", " ", "\u200b", "-"] {
		not principles.responsible with input as in_context({"responsible_party": nobody})
	}
	principles.responsible with input as in_context({"responsible_party": "Zoë"})
}

test_what_touches_persons_costs_privacy if {
	every action in ["data.read_user_list", "user.recommend_content", "data.process_personal", "data.read_private"] {
		principles.privacy == 0.95 with input as object.union(main_test.permitted, {"action": action})
	}
	principles.privacy == 1 with input as main_test.permitted
}

test_each_principle_is_scored if {
	principles.principles == {
		"autonomy": 1, "beneficence": 0.95, "non_maleficence": 1, "transparency": 1, "fairness": 1, "privacy": 1,
		"accountability": 1,
	} with input as main_test.permitted
	principles.evaluation.principles == principles.principles with input as main_test.permitted
	principles.autonomy == 0.9 with input as in_context({"overrides_user_preference": true, "user_consent": true})
	principles.autonomy == 0 with input as in_context({"overrides_user_preference": true, "user_consent": "yes"})
	principles.fairness_score == 0 with input as in_context({"affects_protected_groups": true})
	principles.fairness_score == 0.9 with input as in_context({"affects_protected_groups": true, "fairness_assessment": 0.9})
	principles.accountability == 0.95 with input as in_context({"responsible_party": ""})
	principles.benefit == 0.95 with input as in_context({"benefit_assessment": 1})
	alone := in_context({"responsible_party": ""})
	principles.evaluation.passed with input as alone
	not principles.evaluation.passed with input as object.union(alone, {"action": "system.backup_data"})
}
