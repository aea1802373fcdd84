# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# Who acts, and what is known about that agent. What an administrator put into
# data.acgs.agents is attested and outranks whatever the agent says of itself.
package acgs.evaluation.agent

claims := object.get(object.get(input, "context", {}), "agent", {})

claimed_ids contains input.agent_id

claimed_ids contains claims.id

claimed_ids contains claims.agent_id

claimed_ids contains input.evolution_request.agent_id

claimed_ids contains input.data_request.agent_id

claimed_ids contains input.data_request.requester_id

# Names that only look like another's are no names.
violations contains "an agent's id is a text of lower-case letters, digits and . _ : @ -" if {
	some claimed in claimed_ids
	not well_formed(claimed)
}

well_formed(claimed) if {
	is_string(claimed)
	regex.match(`^[a-z0-9][a-z0-9._:@-]{0,127}$`, claimed)
}

# A caller that proved who it is acts under its own name.
proved if {
	input.caller.role == "agent"
	input.caller.method in {"token", "certificate"}
}

id := input.caller.subject if {
	proved
} else := claimed if {
	count(claimed_ids) == 1
	some claimed in claimed_ids
}

violations contains sprintf("the caller is %v and may not act as %v", [input.caller.subject, claimed]) if {
	proved
	some claimed in claimed_ids
	claimed != input.caller.subject
}

violations contains "the request names several agents" if {
	not proved
	count(claimed_ids) > 1
}

attested := data.acgs.agents[id]

violations contains sprintf("agent %v is %v", [id, attested.status]) if {
	attested.status != "active"
}

violations contains "strict mode refuses agents that nobody attested" if {
	data.acgs.mode.strict
	not attested
}

default trust := 0

trust := value if {
	value := object.get(facts, "trust_level", 0)
	is_number(value)
	value >= 0
	value <= 1
}

facts := object.union(plain(claims), plain(attested)) if {
	attested
} else := plain(claims)

plain(x) := x if {
	is_object(x)
} else := {}
