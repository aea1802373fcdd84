# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What an agent may use for one action.
package acgs.evaluation.resources

import data.acgs.evaluation.agent

limits := {
	"cpu_cores": 2,
	"memory_gb": 4,
	"disk_gb": 10,
	"execution_time_seconds": 300,
}

requested := agent.plain(object.get(agent.plain(agent.claims), "requested_resources", {}))

violations contains sprintf("%v %v exceeds the limit of %v", [name, requested[name], limit]) if {
	some name, limit in limits
	is_number(requested[name])
	requested[name] > limit
}

violations contains sprintf("%v is not a number from 0", [name]) if {
	some name in object.keys(requested)
	not usable(requested[name])
}

violations contains "requested_resources is not an object" if {
	not is_object(object.get(agent.plain(agent.claims), "requested_resources", {}))
}

usable(amount) if {
	is_number(amount)
	amount >= 0
}

usable(amount) if is_boolean(amount)

default score := 0

score := 1 if count(violations) == 0

evaluation := {
	"passed": count(violations) == 0,
	"score": score,
	"within_limits": count(violations) == 0,
	"violations": sort([violation | some violation in violations]),
}
