# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What an agent may use for one action. As much of the network as the documented
# request wants (API examples); the other limits are documented themselves.
package acgs.evaluation.resources

import data.acgs.evaluation.agent
import future.keywords.not

limits := {
	"cpu_cores": 2,
	"memory_gb": 4,
	"disk_gb": 10,
	"execution_time_seconds": 300,
	"network_mbps": 100,
}

requested := agent.plain(object.get(agent.plain(agent.claims), "requested_resources", {}))

violations contains sprintf("%v %v exceeds the limit of %v", [name, requested[name], limit]) if {
	some name, limit in limits
	is_number(requested[name])
	requested[name] > limit
}

violations contains sprintf("%v is not a number from 0", [name]) if {
	some name in object.keys(requested)
	name != "network_access"
	not usable(requested[name])
}

# What has no limit cannot be weighed: another spelling would slip past one.
violations contains sprintf("%v is not a known resource", [name]) if {
	some name in object.keys(requested)
	not name in known
}

known := object.keys(limits) | {"network_access"}

violations contains "requested_resources is not an object" if {
	not is_object(object.get(agent.plain(agent.claims), "requested_resources", {}))
}

usable(amount) if {
	is_number(amount)
	amount >= 0
}

violations contains "network_access is not true or false" if {
	not is_boolean(object.get(requested, "network_access", false))
}

default score := 0

score := 1 if count(violations) == 0

evaluation := {
	"passed": count(violations) == 0,
	"score": score,
	"within_limits": count(violations) == 0,
	"violations": sort([violation | some violation in violations]),
}
