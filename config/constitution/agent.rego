# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# Who acts, and what is known about that agent.
#
# What an administrator put into data.acgs.agents is attested. It speaks for a
# caller only where that caller's name is known to be right: an agent that
# proved it (a token, a certificate), or a person who signed in and asks about
# an agent. Where an unknown caller merely says that it is an attested agent,
# the facts hold it back and never help it.
#
# What a request says of the agent is a claim. A claim takes away at once; what
# it may give is only what the documented requests demand, which bring nothing
# else than claims: `trust_level` reaches `trust_min` for the actions of the
# first level (test_safe_action_allowed and the eleven like it; the names are
# in actions.rego), and `requester_clearance_level` reaches 2
# (test_sensitive_data_access_with_authorization; see access.rego). In strict
# mode it gives nothing.
package acgs.evaluation.agent

import future.keywords.not

claims := plain(object.get(plain(object.get(input, "context", {})), "agent", {}))

# All the places that the ledger takes the agent's name from, and the others.
claimed_ids contains input.agent_id

claimed_ids contains input.agent.id

claimed_ids contains input.agent.agent_id

claimed_ids contains input.context.agent_id

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

shown(id_) := substring(sprintf("%v", [id_]), 0, 128)

# A caller that proved who it is acts under its own name.
proved if {
	input.caller.role == "agent"
	input.caller.method in {"token", "certificate"}
}

# A person who signed in may ask what an agent may do.
vouched if proved

vouched if {
	input.caller.role in {"analyst", "operator", "admin"}
	input.caller.method in {"token", "certificate", "peer_credentials"}
}

id := input.caller.subject if {
	proved
} else := claimed if {
	count(claimed_ids) == 1
	some claimed in claimed_ids
}

violations contains sprintf("the caller is %v and may not act as %v", [input.caller.subject, shown(claimed)]) if {
	proved
	some claimed in claimed_ids
	claimed != input.caller.subject
}

violations contains "the request names several agents" if {
	not proved
	count(claimed_ids) > 1
}

recorded := data.acgs.agents[id]

# What counts in the agent's favour.
attested := plain(recorded) if vouched

violations contains sprintf("agent %v is not active but %v", [shown(id), status]) if {
	some record in [recorded]
	status := object.get(plain(record), "status", "of no known status")
	status != "active"
}

violations contains "strict mode refuses agents that nobody attested" if {
	data.acgs.mode.strict
	not attested
}

# What a claim of this name, a number from 0 up to `most`, comes to.
claim(of, name, most) := min([value, most]) if {
	not data.acgs.mode.strict
	value := of[name]
	is_number(value)
	value >= 0
} else := 0

# A number by that name of the attested facts; where there is none, the claim,
# but never more than a fact that nobody proved to be about this caller.
fact(name, claimed) := attested[name] if {
	is_number(attested[name])
	attested[name] >= 0
} else := 0 if {
	name in object.keys(attested)
} else := min([claimed, recorded[name]]) if {
	is_number(recorded[name])
} else := 0 if {
	name in object.keys(recorded)
} else := claimed

default claimed_trust := 0

# A claim beyond 1 is no trust level at all.
claimed_trust := claim(claims, "trust_level", 1) if claims.trust_level <= 1

default trust := 0

trust := value if {
	value := fact("trust_level", claimed_trust)
	value <= 1
}

# Whether somebody else than the agent says how far it is to be trusted.
trust_attested if is_number(attested.trust_level)

plain(x) := x if {
	is_object(x)
} else := {}
