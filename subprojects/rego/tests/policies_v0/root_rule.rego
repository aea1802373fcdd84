# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package root_rule

input = {"user": "eve"}

test_rule_named_input {
	input.user == "eve"
	input == {"user": "eve"}
}
