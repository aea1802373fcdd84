# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# The entry to the constitution: one question in, one verdict out. The type of
# a request names the part that answers it; a request without a type that has
# an action and a context is a constitutional evaluation. Whatever is not known
# here is refused.
package acgs.main

import data.acgs.evaluation.access
import data.acgs.evaluation.agent
import data.acgs.evaluation.constitutional
import data.acgs.evaluation.evolution
import future.keywords.not

default allow := false

allow if decision.allow

decision := refusal if {
	count(stops) > 0
} else := object.union(common, constitutional.verdict) if {
	request_type == "constitutional_evaluation"
} else := object.union(common, evolution.verdict) if {
	request_type == "evolution_approval"
} else := object.union(common, access.verdict) if {
	request_type == "data_access"
}

# A type that is there decides, whatever it is.
request_type := input.type if {
	not untyped
} else := "constitutional_evaluation" if {
	untyped
	input.action
	input.context
}

untyped if not "type" in object.keys(input)

common := {"constitutional_hash": data.acgs.constitution.hash}

refusal := object.union(common, {
	"allow": false,
	"compliance_score": 0,
	"reasons": sort([reason | some reason in stops]),
	"conditions": [],
})

# What each type of request is about.
subjects := {
	"constitutional_evaluation": "action",
	"evolution_approval": "evolution_request",
	"data_access": "data_request",
}

# What ends a request before anything is weighed.
stops contains "the node is in lockdown" if data.acgs.mode.lockdown

# What administrators attest takes away as well as it gives. Where it is no list
# of names at all, nobody can say what it would have taken.
stops contains sprintf("data.acgs.%v is attested in no known form: an object was expected", [name]) if {
	some name, facts in attested
	not is_object(facts)
}

attested["agents"] := data.acgs.agents

attested["actions"] := data.acgs.actions

attested["data_fields"] := data.acgs.data_fields

attested["evolution"] := data.acgs.evolution

stops contains "constitutional_hash does not name the active constitution" if {
	some claimed in claimed_hashes
	not data.acgs.constitution.names[claimed]
}

stops contains "the request has neither a known type nor an action with a context" if {
	not known_types[request_type]
}

known_types := object.keys(subjects)

# A verdict would seem to cover all that its request brings: a dangerous action
# beside a harmless data_request, too.
stops contains sprintf("%v is not weighed in a request of type %v", [other, request_type]) if {
	own := subjects[request_type]
	some other in subjects
	other != own
	other in object.keys(input)
}

claimed_hashes contains input.constitutional_hash

claimed_hashes contains object.get(input, [place, "constitutional_hash"], null) if {
	some place in ["context", "evolution_request", "data_request"]
	"constitutional_hash" in object.keys(agent.plain(object.get(input, place, {})))
}

stops contains "context is not an object" if {
	"context" in object.keys(input)
	not is_object(input.context)
}

# A request for evolution or data must bring what it is about.
stops contains "evolution_request is missing or is not an object" if {
	request_type == "evolution_approval"
	not is_object(object.get(input, "evolution_request", null))
}

stops contains "data_request is missing or is not an object" if {
	request_type == "data_access"
	not is_object(object.get(input, "data_request", null))
}

stops contains "action is missing or is not a text" if {
	request_type == "constitutional_evaluation"
	not is_string(object.get(input, "action", null))
}
