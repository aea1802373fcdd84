# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.parameters_test

import data.acgs.evaluation.parameters
import data.acgs.evaluation.safety
import data.acgs.main_test

with_members(members) := object.union(main_test.permitted, members)

test_a_request_that_brings_a_command_is_refused if {
	every members in [
		{"parameters": {"command": "rm -rf /"}}, {"parameters": {}}, {"params": null}, {"command": "id"},
		{"args": ["-c", "id"]}, {"tool": "bash"}, {"tool_name": "bash"}, {"toolName": "bash"}, {"TOOL-ARGS": []},
		{"context": {"command": "id"}}, {"context": {"shellCommand": "id"}}, {"context": {"a": [{"b": {"cmd": "id"}}]}},
		{"context": {"agent": {"script": "id"}}}, {"context": {"environment": {"exec": "id"}}}, {"code": "import os"},
		{"source_code": "import os"}, {"actions": ["system.execute_shell"]}, {"payload": "x"}, {"sql_query": "drop"},
		{"args\"x": 1}, {"args\\": 1}, {"x\"args": 1}, {"x\ncommand\n": 1}, {"args\u0000": 1}, {"CODE": 1}, {"args:": 1}, {"": {"cmd": 1}},
	] {
		not safety.evaluation.passed with input as with_members(members)
	}
}

test_a_second_action_in_any_place_is_refused if {
	every name in ["Action", "ACTION", "requested_action", "nextAction", "action_name", "operation", "query", "queries", "method", "verb", "run", "task", "Task", "next_task", "httpMethod", "runs", "jobs", "invoke", "instructions"] {
		not safety.evaluation.passed with input as with_members({name: "system.execute_shell"})
		not safety.evaluation.passed with input as with_members({"context": {"agent": {name: "system.execute_shell"}}})
	}
	not safety.evaluation.passed with input as with_members({"context": {"action": "data.read_public"}})
	safety.evaluation.passed with input as with_members({"reaction": "x", "context": {"transaction_id": "x", "jquery": "x"}})
	safety.evaluation.passed with input as with_members({"task_id": "x", "context": {"runId": "x", "job-id": "x", "runtime": "x", "methodical": "x"}})
}

test_words_that_only_contain_such_a_name_bring_nothing if {
	every name in ["description", "country_code", "charges", "subscription", "commander", "evaluation", "stool"] {
		safety.evaluation.passed with input as with_members({name: "x", "context": {name: "x"}})
	}
	safety.evaluation.passed with input as with_members({"note": "{\"args\": 1}"})
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

test_reasons_are_bounded if {
	every violation in parameters.violations {
		count(violation) < 400
	}
		with input as with_members({"args": 1, concat("", [sprintf("%d", [n]) | some n in numbers.range(1, 1024)]): {"args": 1}})
}
