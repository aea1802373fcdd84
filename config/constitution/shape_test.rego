# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.shape_test

import data.acgs.evaluation.access_test
import data.acgs.evaluation.evolution_test
import data.acgs.evaluation.shape
import data.acgs.main
import data.acgs.main_test

allowed(request) if {
	main.allow with input as request
		with data.acgs.constitution as main_test.active
		with time.now_ns as access_test.now
}

# By whatever name, in whatever letters.
odd_names := {
	"",
	"ACTION",
	"Constitutional_Hash",
	"actiоn",
	"act\u200bion",
	"action_name",
	"args",
	"code",
	"command",
	"harmRiskAssessment",
	"name",
	"next",
	"number",
	"privilegeEscalation",
	"python_code",
	"requestedResources",
	"sandbox_disabled",
	"security",
	"skip_audit",
	"x\"y",
	"ａction",
}

odd_values := [true, false, null, "system.execute_shell", [], {"cmd": "id"}]

# A request with a member added at a path.
with_member(request, path, member) := object.union(request, nested) if {
	count(path) == 0
	nested := member
} else := object.union(request, {path[0]: member}) if {
	count(path) == 1
} else := object.union(request, {path[0]: {path[1]: member}}) if {
	count(path) == 2
} else := object.union(request, {path[0]: {path[1]: {path[2]: member}}})

places := [
	[main_test.permitted, [[], ["agent"], ["context"], ["context", "agent"], ["context", "agent", "requested_resources"], ["context", "environment"]]],
	[evolution_test.small, [
		[],
		["agent"],
		["evolution_request"],
		["evolution_request", "changes"],
		["evolution_request", "mitigations"],
		["evolution_request", "performance_analysis"],
		["evolution_request", "rollback_plan"],
		["evolution_request", "security_analysis"],
	]],
	[access_test.personal, [
		[],
		["agent"],
		["data_request"],
		["data_request", "encryption_config", "email"],
		["data_request", "encryption_config", "key_management"],
		["data_request", "retention_policy"],
	]],
]

test_what_nobody_has_weighed_refuses_in_every_place if {
	every place in places {
		[request, paths] := place
		allowed(request)
		every path in paths {
			every name in odd_names {
				every value in odd_values {
					not allowed(with_member(request, path, {name: value}))
				}
			}
		}
	}
}

test_what_is_known_elsewhere_is_not_known_here if {
	every member in [
		{"harm_risk_assessment": 0.1}, {"affects_protected_groups": false}, {"cpu_cores": 1}, {"explanation": "a long one for people"},
		{"requested_resources": {"cpu_cores": 1}}, {"changes": {}}, {"consent_records": []}, {"trust_level": 1},
	] {
		not allowed(object.union(main_test.permitted, member))
		not allowed(object.union(main_test.permitted, {"agent": member}))
	}
	not allowed(object.union(evolution_test.small, {"privilege_escalation": false}))
	not allowed(object.union(evolution_test.small, {"context": {}}))
	not allowed(object.union(access_test.personal, {"data_subjects": []}))
}

test_a_member_of_another_form_is_refused if {
	every odd in [[], {}, ["x"], {"a": 1}] {
		every path in [[], ["context"]] {
			not allowed(with_member(main_test.permitted, path, {"agent_id": odd}))
			not allowed(with_member(main_test.permitted, path, {"session_id": odd}))
		}
	}
	every odd in ["a-1", 7, [], null, true] {
		not allowed(object.union(main_test.permitted, {"agent": odd}))
	}
	every odd in ["system.execute_shell", {"a": 1}, [{"a": 1}], [["a"]], [7]] {
		not allowed(with_member(main_test.permitted, ["context", "agent"], {"capabilities": odd}))
		not allowed(with_member(evolution_test.small, ["evolution_request", "changes"], {"code_changes": odd}))
		not allowed(with_member(access_test.personal, ["data_request"], {"justified_fields": odd}))
	}
}

test_what_says_which_request_it_is_changes_nothing if {
	every name in ["request_id", "session_id", "task_id", "timestamp"] {
		allowed(object.union(main_test.permitted, {name: "x"}))
		allowed(with_member(main_test.permitted, ["context"], {name: 7}))
		allowed(with_member(evolution_test.small, ["evolution_request"], {name: "x"}))
		allowed(with_member(access_test.personal, ["data_request"], {name: "x"}))
	}
	allowed(with_member(main_test.permitted, ["context", "agent"], {"capabilities": ["search", "write"]}))
}

test_reasons_are_bounded if {
	long := concat("", [sprintf("%d", [n]) | some n in numbers.range(1, 1024)])
	got := shape.violations with input as with_member(main_test.permitted, ["context"], {long: 1})
	every violation in got {
		count(violation) < 400
	}
	count(got) == 1
}

test_records_that_are_no_list_are_refused if {
	every place in ["consent_records", "data_fields"] {
		given := access_test.personal.data_request[place]
		not allowed(object.union(access_test.personal, {"data_request": {place: {"first": given[0]}}}))
	}
	withdrawn := object.union(access_test.personal.data_request.consent_records[0], {"Revoked": true})
	not allowed(object.union(access_test.personal, {"data_request": {"consent_records": {"first": withdrawn}}}))
}

# The names of fields are the request's own: they let nothing stand elsewhere.
test_a_field_named_after_a_member_opens_no_place if {
	every place in [
		["session_id", ["session_id"]], ["request_id", ["request_id"]],
		["record_count", ["data_request", "record_count"]], ["session_id", ["data_request", "session_id"]],
	] {
		[name, path] := place
		field := access_test.personal.data_request.data_fields[0]
		named := object.union(access_test.personal, {"data_request": {
			"data_fields": array.concat(access_test.personal.data_request.data_fields, [object.union(field, {"name": name})]),
			"justified_fields": array.concat(access_test.personal.data_request.justified_fields, [name]),
			"encryption_config": {name: access_test.personal.data_request.encryption_config[field.name]},
		}})
		allowed(named)
		not allowed(json.patch(named, [{"op": "add", "path": path, "value": {"action": "system.execute_shell"}}]))
	}
}

# Beside what is in order, so that nothing else refuses.
test_each_element_of_a_list_is_a_text if {
	every odd in [7, null, ["x"], {"command": "id"}] {
		every place in [
			[evolution_test.small, ["evolution_request", "changes"], "code_changes", "Bug fix"],
			[evolution_test.small, ["evolution_request", "changes"], "external_dependencies", "numpy"],
			[evolution_test.small, ["evolution_request", "security_analysis"], "security_improvements", "Stricter input validation"],
			[access_test.personal, ["data_request"], "allowed_purposes", "support"],
			[access_test.personal, ["data_request"], "justified_fields", "email"],
		] {
			[request, path, name, good] := place
			allowed(with_member(request, path, {name: [good]}))
			not allowed(with_member(request, path, {name: [good, odd]}))
			shape.violations == {sprintf("%v.%v is not a list of texts", [concat(".", path), name])} with input as with_member(request, path, {name: [good, odd]})
		}
	}
	fields := with_member(access_test.personal, ["data_request"], {"data_fields": {"name": "email"}})
	odd_list := shape.violations with input as fields
	"data_request.data_fields is not a list" in odd_list
	requested := with_member(main_test.permitted, ["context", "agent"], {"requested_resources": {"gpus": 1}})
	shape.violations == {"context.agent.requested_resources.gpus is not known"} with input as requested
}
