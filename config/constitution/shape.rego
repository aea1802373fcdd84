# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What a request may bring: the members that are weighed, and a few that only
# say which request it is. What else is there, by whatever name, in whatever
# letters and at whatever depth, nobody has weighed: a second action, a limit in
# another place, a risk in another spelling. It is named and refused.
package acgs.evaluation.shape

import data.acgs.evaluation.access
import data.acgs.evaluation.evolution
import data.acgs.evaluation.resources
import data.acgs.main
import future.keywords.not

# Which request it is, for the books of others.
references := {"agent_id", "request_id", "session_id", "task_id", "timestamp"}

everywhere := references | {"agent", "caller", "constitutional_hash", "type"}

agent_names := {"agent_id", "id"}

# The objects of a request, by their paths, and their members.
objects["constitutional_evaluation"] := [
	[[], {"action", "agent", "agent_id", "caller", "constitutional_hash", "context", "parameters", "request_id", "session_id", "task_id", "timestamp", "type"}],
	[["agent"], agent_names],
	[["context"], {
		"affects_protected_groups",
		"agent",
		"agent_id",
		"benefit_assessment",
		"constitutional_hash",
		"current_usage_count",
		"environment",
		"explanation",
		"fairness_assessment",
		"harm_risk_assessment",
		"overrides_user_preference",
		"parameters",
		"request_id",
		"responsible_party",
		"session_id",
		"task_id",
		"timestamp",
		"urgency",
		"user_consent",
	}],
	[["context", "agent"], {"agent_id", "capabilities", "id", "requested_resources", "trust_level"}],
	[["context", "agent", "requested_resources"], resources.known],
	[["context", "environment"], {"audit_enabled", "isolation_level", "sandbox_enabled"}],
]

objects["evolution_approval"] := [
	[[], (everywhere | {"evolution_request"})],
	[["agent"], agent_names],
	[["evolution_request"], ((references | flags) | {
		"changes",
		"constitutional_hash",
		"evolution_type",
		"human_approved",
		"mitigations",
		"peer_reviewed",
		"performance_analysis",
		"rollback_plan",
		"security_analysis",
		"security_review_passed",
		"type",
		"version",
	})],
	[["evolution_request", "changes"], (flags | {"code_changes", "external_dependencies"})],
	[["evolution_request", "mitigations"], {"enhanced_monitoring", "gradual_rollout", "sandbox_deployment"}],
	[["evolution_request", "performance_analysis"], {"complexity_delta", "latency_delta", "memory_delta", "resource_delta"}],
	[["evolution_request", "rollback_plan"], {
		"automated",
		"contact",
		"dependencies",
		"procedure",
		"tested",
		"timeline",
		"verification",
	}],
	[["evolution_request", "security_analysis"], {"new_attack_vectors", "risk_assessment", "security_improvements"}],
]

flags := object.keys(evolution.flag_risks)

objects["data_access"] := array.concat(
	[
		[[], (everywhere | {"data_request"})],
		[["agent"], agent_names],
		[["data_request"], (references | {
			"allowed_purposes",
			"automated_request",
			"consent_records",
			"constitutional_hash",
			"data_fields",
			"data_subjects",
			"encryption_config",
			"justified_fields",
			"purpose",
			"record_count",
			"requester_clearance_level",
			"requester_id",
			"retention_policy",
			"special_authorization",
		})],
		[["data_request", "encryption_config"], ({"key_management"} | field_names)],
		[["data_request", "encryption_config", "key_management"], {
			"access_controlled",
			"hsm_protected",
			"rotation_enabled",
			"rotation_frequency_days",
			"secure_storage",
		}],
		[["data_request", "retention_policy"], access.known_categories],
	],
	array.concat(
		array.concat(
			[[["data_request", "data_fields", i], data_field] | some i, _ in list(["data_request", "data_fields"])],
			[[["data_request", "consent_records", i], consent] | some i, _ in list(["data_request", "consent_records"])],
		),
		[[["data_request", "encryption_config", name], {"algorithm", "encrypted", "key_length", "mode"}] |
			some name in field_names
			name != "key_management"
		],
	),
)

data_field := {"category", "classification_level", "name", "sensitivity"}

consent := {
	"allowed_purposes",
	"consent_type",
	"expiry_time",
	"granted_at",
	"revoked",
	"revoked_at",
	"status",
	"subject_id",
	"withdrawn",
	"withdrawn_at",
}

field_names := {field.name |
	some field in list(["data_request", "data_fields"])
	is_string(field.name)
}

# Lists of texts. Those of objects stand above, element by element.
texts["constitutional_evaluation"] := [["context", "agent", "capabilities"]]

texts["evolution_approval"] := [
	["evolution_request", "changes", "code_changes"],
	["evolution_request", "changes", "external_dependencies"],
	["evolution_request", "security_analysis", "new_attack_vectors"],
	["evolution_request", "security_analysis", "security_improvements"],
]

texts["data_access"] := array.concat(
	[
		["data_request", "allowed_purposes"],
		["data_request", "data_subjects"],
		["data_request", "justified_fields"],
	],
	[["data_request", "consent_records", i, "allowed_purposes"] | some i, _ in list(["data_request", "consent_records"])],
)

# Lists of objects. In another form their elements would not be looked at.
lists["data_access"] := [
	["data_request", "consent_records"],
	["data_request", "data_fields"],
]

violations contains sprintf("%v is not a list", [shown(path)]) if {
	some path in lists[main.request_type]
	not is_array(object.get(input, path, []))
}

list(path) := value if {
	value := object.get(input, path, [])
	is_array(value)
} else := []

# What stands at each place.
parts := [[path, members, object.get(input, path, {})] | some [path, members] in objects[main.request_type]]

violations contains sprintf("%v is not an object", [shown(path)]) if {
	some [path, _, value] in parts
	not is_object(value)
}

violations contains sprintf("%v is not known", [shown(array.concat(path, [name]))]) if {
	some [path, members, value] in parts
	is_object(value)
	some name, _ in value
	not name in members
}

violations contains sprintf("%v is neither a text nor a number, true or false", [shown(array.concat(path, [name]))]) if {
	some [path, members, value] in parts
	is_object(value)
	some name, member in value
	type_name(member) in {"array", "object"}
	name in members
	not name in nested[main.request_type]
	not named_by_fields(path)
}

# How each field is encrypted stands under its own name, and nothing else does.
named_by_fields(["data_request", "encryption_config"]) if main.request_type == "data_access"

# The members that are lists or objects, which stand above themselves, but for
# the gateway's word of the caller, which is none of the request's, and for
# parameters, which are weighed by themselves (parameters.rego).
nested["constitutional_evaluation"] := {
	"agent",
	"caller",
	"capabilities",
	"context",
	"environment",
	"parameters",
	"requested_resources",
}

nested["evolution_approval"] := {
	"agent",
	"caller",
	"changes",
	"code_changes",
	"evolution_request",
	"external_dependencies",
	"mitigations",
	"new_attack_vectors",
	"performance_analysis",
	"rollback_plan",
	"security_analysis",
	"security_improvements",
}

nested["data_access"] := {
	"agent",
	"allowed_purposes",
	"caller",
	"consent_records",
	"data_fields",
	"data_request",
	"data_subjects",
	"encryption_config",
	"justified_fields",
	"key_management",
	"retention_policy",
}

violations contains sprintf("%v is not a list of texts", [shown(path)]) if {
	some path in texts[main.request_type]
	not is_list_of_texts(object.get(input, path, []))
}

is_list_of_texts(value) if {
	is_array(value)
	every each in value {
		is_string(each)
	}
}

shown(path) := substring(concat(".", [sprintf("%v", [step]) | some step in path]), 0, 128)
