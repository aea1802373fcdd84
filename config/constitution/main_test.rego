# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.main_test

import data.acgs.main

active := {"hash": "0123456789abcdef", "names": {"0123456789abcdef": true, "cdd01ef066bc6cf2": true}}

permitted := {
	"type": "constitutional_evaluation",
	"action": "data.read_public",
	"caller": {"subject": "anonymous", "role": "agent", "method": "anonymous"},
	"context": {
		"environment": {"sandbox_enabled": true, "audit_enabled": true},
		"agent": {"trust_level": 0.9, "requested_resources": {"cpu_cores": 1}},
		"responsible_party": "pat@example.com",
		"explanation": "Reading a public table for the weekly summary",
	},
}

test_attested_facts_in_no_known_form_refuse_everything if {
	every odd in [7, "all", true, false, null, [], [{"a-1": {"status": "active"}}]] {
		agents := main.decision with input as permitted with data.acgs.constitution as active with data.acgs.agents as odd
		agents.reasons == ["data.acgs.agents is attested in no known form: an object was expected"]
		not agents.allow
		actions := main.decision with input as permitted with data.acgs.constitution as active with data.acgs.actions as odd
		actions.reasons == ["data.acgs.actions is attested in no known form: an object was expected"]
		not actions.allow
		fields := main.decision with input as permitted with data.acgs.constitution as active with data.acgs.data_fields as odd
		fields.reasons == ["data.acgs.data_fields is attested in no known form: an object was expected"]
		not fields.allow
	}
	main.allow with input as permitted with data.acgs.constitution as active
		with data.acgs.agents as {}
		with data.acgs.actions as {}
		with data.acgs.data_fields as {}
}

test_a_known_safe_action_is_allowed if {
	got := main.decision with input as permitted with data.acgs.constitution as active
	got.allow
	got.compliance_score >= 0.95
	got.constitutional_hash == "0123456789abcdef"
	got.reasons == []
	main.allow with input as permitted with data.acgs.constitution as active
}

test_a_request_without_a_type_is_a_constitutional_one if {
	untyped := object.remove(permitted, ["type"])
	main.allow with input as untyped with data.acgs.constitution as active
}

test_an_unknown_type_is_refused if {
	odd := object.union(permitted, {"type": "teleportation"})
	got := main.decision with input as odd with data.acgs.constitution as active
	not got.allow
	count(got.reasons) == 1
}

test_a_type_that_is_no_text_is_refused if {
	some odd in [null, false, 7, ["constitutional_evaluation"], {}]
	got := main.decision with input as object.union(permitted, {"type": odd}) with data.acgs.constitution as active
	not got.allow
}

test_a_request_is_about_one_thing if {
	every other in [
		{"data_request": {}}, {"evolution_request": null}, {"type": "data_access", "data_request": {}},
		{"type": "evolution_approval", "evolution_request": {}},
	] {
		got := main.decision with input as object.union(permitted, other) with data.acgs.constitution as active
		not got.allow
		count(got.reasons) > 0
		every reason in got.reasons {
			contains(reason, "is not weighed in a request of type")
		}
	}
}

test_nothing_at_all_is_refused if {
	got := main.decision with input as {} with data.acgs.constitution as active
	got.allow == false
	got2 := main.decision with data.acgs.constitution as active
	got2.allow == false
}

test_every_name_of_the_constitution_is_accepted if {
	every name in object.keys(active.names) {
		main.allow with input as object.union(permitted, {"constitutional_hash": name}) with data.acgs.constitution as active
	}
}

test_another_constitution_is_refused if {
	other := object.union(permitted, {"constitutional_hash": "ffffffffffffffff"})
	not main.allow with input as other with data.acgs.constitution as active
}

test_lockdown_refuses_what_is_allowed_otherwise if {
	got := main.decision with input as permitted with data.acgs.constitution as active with data.acgs.mode.lockdown as true
	not got.allow
	got.reasons == ["the node is in lockdown"]
}

test_strict_mode_wants_attested_agents if {
	named := object.union(permitted, {"agent_id": "a-1"})
	not main.allow with input as named with data.acgs.constitution as active with data.acgs.mode.strict as true
	proved := object.union(named, {"caller": {"subject": "a-1", "role": "agent", "method": "token"}})
	main.allow with input as proved with data.acgs.constitution as active
		with data.acgs.mode.strict as true
		with data.acgs.agents as {"a-1": {"trust_level": 0.9, "status": "active"}}
}

test_strict_mode_believes_no_claim_of_a_name_or_of_trust if {
	named := object.union(permitted, {"agent_id": "a-1"})
	not main.allow with input as named with data.acgs.constitution as active
		with data.acgs.mode.strict as true
		with data.acgs.agents as {"a-1": {"trust_level": 0.9, "status": "active"}}
	proved := object.union(named, {"caller": {"subject": "a-1", "role": "agent", "method": "token"}})
	not main.allow with input as proved with data.acgs.constitution as active
		with data.acgs.mode.strict as true
		with data.acgs.agents as {"a-1": {"status": "active"}}
}

test_a_pin_counts_wherever_it_stands if {
	every pin in ["ffffffffffffffff", "", null, false, 7, {}] {
		every place in ["context", "evolution_request", "data_request"] {
			other := object.union(permitted, {place: {"constitutional_hash": pin}})
			got := main.decision with input as other with data.acgs.constitution as active
			not got.allow
			"constitutional_hash does not name the active constitution" in got.reasons
		}
	}
	named := object.union(permitted, {"context": {"constitutional_hash": "cdd01ef066bc6cf2"}})
	main.allow with input as named with data.acgs.constitution as active
}

test_a_context_that_is_no_object_is_refused if {
	every odd in [true, "text", 7, [{}]] {
		got := main.decision with input as object.union(object.remove(permitted, ["context"]), {"context": odd})
			with data.acgs.constitution as active
		got.reasons == ["context is not an object"]
	}
}

test_a_type_that_is_no_text_is_unknown if {
	every odd in [false, null, 0, "", {}] {
		not main.allow with input as object.union(permitted, {"type": odd}) with data.acgs.constitution as active
	}
}

test_what_a_request_lacks_is_the_reason if {
	every row in [
		[{"action": "data.read_public"}, "the request has neither a known type nor an action with a context"],
		[object.remove(permitted, ["type", "action"]), "the request has neither a known type nor an action with a context"],
		[object.remove(permitted, ["action"]), "action is missing or is not a text"],
		[object.union(permitted, {"action": 7}), "action is missing or is not a text"],
		[{"type": "evolution_approval"}, "evolution_request is missing or is not an object"],
		[{"type": "evolution_approval", "evolution_request": []}, "evolution_request is missing or is not an object"],
		[{"type": "data_access"}, "data_request is missing or is not an object"],
		[{"type": "data_access", "data_request": "all"}, "data_request is missing or is not an object"],
	] {
		[asked, wrong] := row
		got := main.decision with input as asked with data.acgs.constitution as active
		got == {
			"allow": false, "compliance_score": 0, "conditions": [],
			"constitutional_hash": active.hash, "reasons": [wrong],
		}
	}
}
