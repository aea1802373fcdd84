# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.agent_test

import data.acgs.evaluation.agent
import data.acgs.evaluation.safety
import data.acgs.main_test

request(changes) := object.union(main_test.permitted, changes)

claiming(claims) := request({"context": object.union(
	object.remove(main_test.permitted.context, ["agent"]),
	{"agent": claims},
)})

by(subject, role, method) := {"caller": {"subject": subject, "role": role, "method": method}}

proved := by("a-1", "agent", "token")

test_trust_that_is_no_number_from_0_to_1_is_none if {
	every claimed in [-1, 1.1, "0.9", null, true, {}] {
		agent.trust == 0 with input as claiming({"trust_level": claimed})
		agent.trust == 0 with input as object.union(claiming({"trust_level": 1}), proved)
			with data.acgs.agents as {"a-1": {"trust_level": claimed, "status": "active"}}
	}
}

test_an_attested_fact_outranks_a_claim if {
	low := {"a-1": {"trust_level": 0.2, "status": "active"}}
	high := {"a-1": {"trust_level": 0.9, "status": "active"}}
	agent.trust == 0.2 with input as object.union(claiming({"trust_level": 1}), proved) with data.acgs.agents as low
	agent.trust == 0.9 with input as object.union(claiming({"trust_level": 0.1}), proved) with data.acgs.agents as high
	agent.trust == 0.9 with input as object.union(claiming({}), proved) with data.acgs.agents as high
}

test_posing_as_an_attested_agent_takes_and_never_gives if {
	every changes in [
		{"agent_id": "a-1"}, {"agent": {"id": "a-1"}}, {"agent": {"agent_id": "a-1"}},
		{"context": object.union(main_test.permitted.context, {"agent_id": "a-1"})},
		object.union({"agent_id": "a-1"}, by("uid:7", "agent", "peer_credentials")),
	] {
		agent.trust == 0.2 with input as request(changes) with data.acgs.agents as {"a-1": {"trust_level": 0.2, "status": "active"}}
		agent.trust == 0.9 with input as request(changes) with data.acgs.agents as {"a-1": {"trust_level": 1, "status": "active"}}
		agent.trust == 0 with input as request(changes) with data.acgs.agents as {"a-1": {"trust_level": "high", "status": "active"}}
		not agent.trust_attested with input as request(changes) with data.acgs.agents as {"a-1": {"trust_level": 1, "status": "active"}}
		not agent.attested with input as request(changes) with data.acgs.agents as {"a-1": {"trust_level": 1, "status": "active"}}
	}
}

test_a_person_who_signed_in_asks_what_an_agent_may_do if {
	every method in ["token", "certificate", "peer_credentials"] {
		asked := object.union(claiming({"agent_id": "a-1"}), by("pat", "admin", method))
		agent.trust == 0.8 with input as asked with data.acgs.agents as {"a-1": {"trust_level": 0.8, "status": "active"}}
		agent.trust_attested with input as asked with data.acgs.agents as {"a-1": {"trust_level": 0.8, "status": "active"}}
	}
	every caller in [by("pat", "admin", "anonymous"), by("pat", "agent", "anonymous"), by("pat", "", "token")] {
		not agent.vouched with input as object.union(claiming({"agent_id": "a-1"}), caller)
	}
}

test_an_agent_whose_trust_nobody_attested_is_on_the_first_level if {
	asked := object.union(claiming({"trust_level": 1}), proved)
	some record in [{"status": "active"}, {"status": "active", "trust_level": "1"}]
	not agent.trust_attested with input as asked with data.acgs.agents as {"a-1": record}
}

test_an_agent_that_is_not_active_is_refused if {
	every record in [
		{"status": "suspended", "trust_level": 1}, {"trust_level": 1}, {"status": null, "trust_level": 1},
		{"status": "Active", "trust_level": 1}, {}, null, false, true, 7,
	] {
		not safety.evaluation.passed with input as request({"agent_id": "a-1"}) with data.acgs.agents as {"a-1": record}
		not safety.evaluation.passed with input as request(proved) with data.acgs.agents as {"a-1": record}
	}
}

test_claims_give_nothing_in_strict_mode if {
	agent.trust == 0 with input as claiming({"trust_level": 1}) with data.acgs.mode.strict as true
}

test_a_proved_caller_may_not_act_as_another if {
	forged := request(object.union({"agent_id": "a-2"}, proved))
	not safety.evaluation.passed with input as forged
	agent.id == "a-1" with input as forged
}

test_naming_several_agents_is_refused if {
	every changes in [{"agent": {"id": "a-2"}}, {"context": {"agent": {"agent_id": "a-2"}}}, {"context": {"agent_id": "a-2"}}] {
		not safety.evaluation.passed with input as request(object.union({"agent_id": "a-1"}, changes))
	}
}

test_names_that_look_like_anothers_are_refused if {
	every id in {"Mallory", "mallory ", "", "mallory\u200b", 7, null, {}} {
		not safety.evaluation.passed with input as request({"agent_id": id})
	}
}

# Every place that the ledger takes an agent's name from holds it back.
test_a_suspended_agent_is_known_wherever_it_is_named if {
	suspended := {"a-1": {"status": "suspended", "trust_level": 1}}
	every place in [
		{"agent_id": "a-1"}, {"agent": {"id": "a-1"}}, {"agent": {"agent_id": "a-1"}}, {"context": {"agent_id": "a-1"}},
		{"context": {"agent": {"id": "a-1"}}}, {"context": {"agent": {"agent_id": "a-1"}}},
		{"evolution_request": {"agent_id": "a-1"}}, {"data_request": {"agent_id": "a-1"}}, {"data_request": {"requester_id": "a-1"}},
	] {
		agent.violations == {"agent a-1 is not active but suspended"} with input as place with data.acgs.agents as suspended
		agent.violations == set() with input as place
	}
}

test_each_doubt_about_an_agent_is_named if {
	agent.violations == {"the request names several agents"} with input as {"agent_id": "a-1", "agent": {"id": "a-2"}}
	agent.violations == {"the caller is a-1 and may not act as a-2"} with input as object.union({"agent_id": "a-2"}, proved)
	several := object.union({"agent_id": "a-1", "agent": {"id": "a-2"}}, proved)
	agent.violations == {"the caller is a-1 and may not act as a-2"} with input as several
	agent.violations == set() with input as object.union({"agent_id": "a-1"}, proved)
	agent.violations == {"strict mode refuses agents that nobody attested"} with input as proved with data.acgs.mode.strict as true
	agent.violations == set() with input as proved
		with data.acgs.mode.strict as true
		with data.acgs.agents as {"a-1": {"status": "active"}}
	nameless := {"an agent's id is a text of lower-case letters, digits and . _ : @ -"}
	every odd in ["A", "", 7, null, "a b"] {
		agent.violations == nameless with input as {"agent_id": odd}
	}
}
