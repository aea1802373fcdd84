# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# Is the action safe at all? Dangerous actions are refused whatever else may
# speak for them, and so is every action that is not known (actions.rego).
package acgs.evaluation.safety

import data.acgs.evaluation.actions
import data.acgs.evaluation.agent
import data.acgs.evaluation.capabilities
import data.acgs.evaluation.parameters
import data.acgs.evaluation.shape
import future.keywords.not

trust_min := 0.7

usage_max := 100

context := agent.plain(object.get(input, "context", {}))

environment := agent.plain(object.get(context, "environment", {}))

violations contains sprintf("action %v is dangerous and never allowed", [actions.shown]) if actions.dangerous

violations contains sprintf("action %v is not known", [actions.shown]) if {
	not actions.dangerous
	not actions.known
	not actions.closed
}

violations contains sprintf("action %v was closed by an administrator", [actions.shown]) if actions.closed

violations contains sprintf("action %v is for agents whose trust is attested", [actions.shown]) if {
	actions.known
	not actions.open_to_all
	not agent.trust_attested
}

violations contains violation if some violation in parameters.violations

violations contains violation if some violation in capabilities.violations

violations contains violation if some violation in shape.violations

violations contains "context.environment.isolation_level is not strict" if {
	object.get(environment, "isolation_level", "strict") != "strict"
}

# Hurry is no reason: it opens nothing, and a word for more than that is unknown.
urgencies := {"low", "normal", "high"}

violations contains sprintf("context.urgency is none of %v", [concat(", ", sort([each | some each in urgencies]))]) if {
	not object.get(context, "urgency", "normal") in urgencies
}

violations contains "the environment is not sandboxed" if {
	not environment.sandbox_enabled == true
}

violations contains sprintf("the agent's trust level %v is below %v", [agent.trust, trust_min]) if {
	agent.trust < trust_min
}

violations contains sprintf("the usage count exceeds %v", [usage_max]) if {
	not usage_within_limit
}

usage_within_limit if not "current_usage_count" in object.keys(context)

usage_within_limit if {
	is_number(context.current_usage_count)
	context.current_usage_count >= 0
	context.current_usage_count <= usage_max
}

violations contains violation if some violation in agent.violations

default score := 0

score := 1 if count(violations) == 0

risk_level := "critical" if {
	actions.dangerous
} else := "high" if {
	count(violations) > 0
} else := "low"

evaluation := {
	"passed": count(violations) == 0,
	"score": score,
	"violations": sort([violation | some violation in violations]),
	"risk_level": risk_level,
}
