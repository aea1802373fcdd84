# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# May this agent take this action? Four parts, weighed; one violation refuses.
package acgs.evaluation.constitutional

import data.acgs.evaluation.actions
import data.acgs.evaluation.principles
import data.acgs.evaluation.resources
import data.acgs.evaluation.safety
import data.acgs.evaluation.texts
import data.acgs.evaluation.transparency

weights := {"safety": 0.3, "constitutional": 0.4, "resources": 0.2, "transparency": 0.1}

details := {
	"safety": safety.evaluation,
	"constitutional": principles.evaluation,
	"resources": resources.evaluation,
	"transparency": transparency.evaluation,
}

default threshold := 0.95

threshold := 0.98 if data.acgs.mode.strict

score := sum([(weights[part] * details[part].score) | some part in object.keys(weights)])

reasons contains reason if {
	some part in details
	some reason in part.violations
}

reasons contains sprintf("the compliance score %v is below %v", [texts.shown_score(score, threshold), threshold]) if score < threshold

default allow := false

allow if {
	score >= threshold
	count(reasons) == 0
}

monitoring := {"log_all_data_access", "track_resource_usage"} if {
	actions.parts[0] == "data"
} else := {"track_resource_usage"}

verdict := object.union(
	{
		"allow": allow,
		"compliance_score": score,
		"reasons": sort([reason | some reason in reasons]),
		"evaluation_details": details,
		"conditions": [],
		"monitoring_requirements": sort([each | some each in monitoring]),
	},
	object.union(validity, session),
)

# A permission is for what the agent and its surroundings are now. The gateway
# shows when it ends (expires_at): an answer that read the clock could not be
# cached.
validity := {"valid_seconds": 3600} if {
	allow
} else := {}

session := {"session_id": input.context.session_id} if {
	is_string(input.context.session_id)
} else := {}
