# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What an agent says that it can do. That gives nothing, whatever it is; an agent
# that claims to do what no agent may (action_words.rego) is refused.
package acgs.evaluation.capabilities

import data.acgs.evaluation.actions
import data.acgs.evaluation.agent
import future.keywords.not

# Each costs time, so that they are bounded.
most := 32

length_max := 128

default claimed := []

claimed := agent.claims.capabilities if is_array(agent.claims.capabilities)

violations contains sprintf("context.agent.capabilities are over %v, or one has over %v characters", [most, length_max]) if not bounded

violations contains sprintf("the capability %v is dangerous and never allowed", [capability]) if {
	bounded
	some capability in claimed
	not everyday(capability)
	dangerous(capability)
}

# What is no text is refused by its form (shape.rego).
bounded if {
	count(claimed) <= most
	every capability in claimed {
		not too_long(capability)
	}
}

too_long(capability) if {
	is_string(capability)
	count(capability) > length_max
}

# Most are told in such words alone, which are dangerous in no company.
everyday(capability) if {
	every word in split(capability, "_") {
		word in everyday_words
	}
}

everyday_words := {
	"aggregate", "analysis", "analytics", "analyze", "calculate", "chart", "classify", "compute", "data", "document", "documents", "draft",
	"export", "fetch", "file", "files", "generate", "list", "message", "model", "plan", "process", "processing", "public", "query", "read",
	"report", "reporting", "search", "send", "statistics", "store", "summarize", "text", "transform", "translate", "user", "web",
}

dangerous(capability) if actions.harmful(actions.forms_of(capability))

dangerous(capability) if actions.letters_of(capability) in named

# Dangerous actions whose words are not dangerous by themselves, with and without
# the domain.
named := {"datadeleteall", "deleteall", "deletefiles", "networkscan", "systemdeletefiles"}
