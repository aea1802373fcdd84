# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# In Rego v0 a local or a rule may be named as a root document, an argument not;
# the target of `with` is the document nevertheless.
package roots

allowed {
	input.user == "ann"
}

limit = data.quota

test_local_input {
	input := {"user": "ann"}
	allowed with input as input
	input.user == "ann"
	allowed with input.user as input.user
}

test_local_data {
	data := {"quota": 5}
	data.quota == 5
	limit == 6 with data.quota as 6
}

test_declared_input {
	some input
	input = {"user": "ann"}
	allowed with input as input
}

test_inner_local {
	users := [input | input := ["ann", "bob"][_]]
	users == ["ann", "bob"]
	allowed with input.user as users[0]
}
