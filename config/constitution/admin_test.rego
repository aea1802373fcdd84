# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.admin_test

import data.acgs.admin

caller(role) := {"subject": "somebody", "role": role, "method": "token"}

test_administrators_may_do_everything if {
	every verb in ["manage_modes", "write_policies", "manage_identities"] {
		admin.allow with input as {"verb": verb, "caller": caller("admin")}
	}
}

test_operators_may_not_change_policies_or_people if {
	admin.allow with input as {"verb": "manage_actors", "caller": caller("operator")}
	every verb in ["manage_modes", "write_policies", "manage_identities", "", null] {
		not admin.allow with input as {"verb": verb, "caller": caller("operator")}
	}
}

test_nobody_else_may_do_anything if {
	every role in ["agent", "viewer", "analyst", "", null] {
		not admin.allow with input as {"verb": "manage_actors", "caller": caller(role)}
	}
	not admin.allow with input as {"verb": "manage_actors"}
}

test_operators_attest_nobody if {
	every subject in ["acgs", "acgs/agents", "/acgs/agents/", "", "/", null] {
		not admin.allow with input as {"verb": "write_data", "subject": subject, "caller": caller("operator")}
		admin.allow with input as {"verb": "write_data", "subject": subject, "caller": caller("admin")}
	}
	not admin.allow with input as {"verb": "write_data", "caller": caller("operator")}
	admin.allow with input as {"verb": "write_data", "subject": "limits/teams", "caller": caller("operator")}
}
