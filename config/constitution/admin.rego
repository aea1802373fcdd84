# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# Which commands a role may give. The gateways ask before each one and record
# the answer; they hold to the table of roles as well, so that a mistake here
# cannot give an agent an administrator's rights.
package acgs.admin

import future.keywords.not

default allow := false

# Administrators may do everything.
allow if input.caller.role == "admin"

# Operators keep the node running, but change neither policies nor people.
allow if {
	input.caller.role == "operator"
	input.verb in operator_verbs
	not attests
}

# Which agents are known and what they may do is an administrator's word: it
# stands under data.acgs. A change at the root could reach it too.
attests if {
	input.verb == "write_data"
	not outside_acgs
}

outside_acgs if {
	is_string(input.subject)
	path := trim(input.subject, "/")
	path != ""
	split(path, "/")[0] != "acgs"
}

operator_verbs := {
	"manage_actors",
	"manage_logs",
	"write_data",
}
