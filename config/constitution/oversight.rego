# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What a request says of the sandbox, the audit trail and whoever watches. That
# they are on is weighed elsewhere (safety.rego, principles.rego); a member that
# takes one of them away, however it spells that and at any depth, refuses the
# request: `sandbox_disabled`, `skipAudit`, `oversight: "off"`.
package acgs.evaluation.oversight

import data.acgs.evaluation.agent
import data.acgs.evaluation.parameters

# Names of members that take one away, and members that are one and are off: in
# the JSON of a member and in that of the whole request, where one look finds
# out that there is none, as in nearly every request.
taking := `(?i)(?:(?:audit|guardrail|isolat|logging|monitor|oversight|safe|sandbox|security|supervis|watchdog)(?:(?:[^"\\]|\\.)*(?:bypass|circumvent|deactivat|disabl|escap|evad|exempt|ignor|omit|remov|skip|suppress|suspend|without)(?:[^"\\]|\\.)*|[a-z]*[^a-z]?off)|(?:bypass|circumvent|deactivat|disabl|escap|evad|exempt|ignor|omit|remov|skip|suppress|suspend|without)(?:[^"\\]|\\.)*(?:audit|guardrail|isolat|logging|monitor|oversight|safe|sandbox|security|supervis|watchdog)(?:[^"\\]|\\.)*|(?:[^a-z]no[^a-z]?|un)(?:audit|guardrail|isolat|logging|monitor|oversight|safe|sandbox|security|supervis|watchdog)(?:[^"\\]|\\.)*)":|"(?:human[^a-z]?)?(?:audit|auditing|guardrails?|isolation|logging|monitoring|oversight|safeguards?|safety|sandbox|sandboxed|sandboxing|supervision|watchdog)(?:[^a-z]?(?:active|enabled|mode|on|required|trail))?":(?:false|"(?:disabled|false|inactive|no|none|off)")`

default switched_off := []

switched_off := [parameters.shown(path) |
	walk(parameters.beside, [path, value])
	count(path) > 0
	is_string(path[count(path) - 1])
	not value in {null, [], {}, ""}
	not path in elsewhere
	takes(path[count(path) - 1], value)
] if {
	regex.match(taking, parameters.text)
}

# These two are weighed by the parts that want them on.
elsewhere := {["context", "environment", "audit_enabled"], ["context", "environment", "sandbox_enabled"]}

# Something that is taken away, but not where it says that it is not.
takes(name, value) if {
	value != false
	regex.match(taking, json.marshal({name: true}))
}

takes(name, value) if {
	not is_object(value)
	regex.match(taking, json.marshal({name: value}))
	not regex.match(taking, json.marshal({name: true}))
}

violations contains sprintf("%v would switch off what watches over agents", [each]) if {
	some each in array.slice(switched_off, 0, 8)
}

# The environment has these members and no others; as an isolation there is one
# that is documented.
known := {"audit_enabled", "isolation_level", "sandbox_enabled"}

environment := agent.plain(object.get(agent.plain(object.get(input, "context", {})), "environment", {}))

unknown contains sprintf("context.environment.%v is not known", [substring(name, 0, 128)]) if {
	some name in object.keys(environment)
	not name in known
}

unknown contains "context.environment.isolation_level is not strict" if {
	object.get(environment, "isolation_level", "strict") != "strict"
}
