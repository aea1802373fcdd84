# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.parameters_test

import data.acgs.evaluation.safety
import data.acgs.main_test

with_members(members) := object.union(main_test.permitted, members)

test_parameters_of_what_is_known_without_are_refused if {
	every given in [{"command": "rm -rf /"}, {}, null, false, "id", ["id"]] {
		not safety.evaluation.passed with input as with_members({"parameters": given})
		not safety.evaluation.passed with input as with_members({"context": {"parameters": given}})
	}
}

moving(members) := object.union(main_test.permitted, object.union({"action": "robot.move_arm"}, members))

known := {"robot.move_arm": {"unattested": true, "parameters": ["angle", "command"]}}

test_an_action_brings_the_parameters_that_it_is_known_with if {
	every members in [
		{"parameters": {"angle": 7}}, {"context": {"parameters": {"angle": 7, "command": "wave"}}},
		{"parameters": {"angle": true}},
	] {
		safety.evaluation.passed with input as moving(members) with data.acgs.actions as known
	}
	every members in [
		{"parameters": {"angle": 7, "speed": 9}}, {"parameters": {"angle": {"cmd": "id"}}}, {"parameters": {"angle": null}},
		{"parameters": {}}, {"parameters": ["angle"]}, {"arguments": {"angle": 7}}, {"context": {"agent": {"parameters": {"angle": 7}}}},
		{"parameters": {"angle": concat("", [sprintf("%d", [n]) | some n in numbers.range(1, 1024)])}},
	] {
		not safety.evaluation.passed with input as moving(members) with data.acgs.actions as known
	}
	not safety.evaluation.passed with input as with_members({"parameters": {"angle": 7}}) with data.acgs.actions as known
}
