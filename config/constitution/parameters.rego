# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What an action is to be done with. The constitution judges an action by its
# name, so a request that brings along a command, arguments, code or a second
# action, by whatever name (`method`, `task`) and at any depth, would get a verdict on something that nobody weighed: it
# is refused, and so is one for data or for a change of an agent.
# Only an action that an administrator made known with "parameters" may bring
# those, in `parameters` of the request or of its context, each a bounded text,
# a number or a Boolean.
package acgs.evaluation.parameters

import data.acgs.evaluation.actions

text_max := 1024

places := {["parameters"], ["context", "parameters"]}

# Names of members that have one of these among their words, however they join
# them: "command", "shell_command", "commandLine", "TOOL-ARGS".
bringing := `(?:^|[^A-Za-z])(?i:actions?|args?|arguments?|argv|cmds?|cmdline|commandline|commands?|eval|exec|executables?|functions?|instructions?|invocations?|invoke|jobs?|kwargs|methods?|operations?|parameters?|params?|payload|query|queries|runs?|scripts?|shell|sql|stdin|subprocess|tasks?|tools?|verbs?)(?:[^a-z]|$)|[a-z](?:Actions?|Args?|Arguments?|Argv|Cmds?|Commands?|Eval|Exec|Functions?|Instructions?|Invocations?|Invoke|Jobs?|Kwargs|Methods?|Operations?|Parameters?|Params?|Payload|Query|Queries|Runs?|Scripts?|Shell|Sql|Tasks?|Tools?|Verbs?)(?:[^a-z]|$)|(?i:^(?:source|script)?_?code$)`

# The same before a colon, in the text of the whole request: one look without a
# walk, as nearly every request brings nothing. What it finds may be no name.
suspicion := `(?:(?:[^A-Za-z]|\\[a-z]|\\u[0-9a-f]{4})(?i:actions?|args?|arguments?|argv|cmds?|cmdline|commandline|commands?|eval|exec|executables?|functions?|instructions?|invocations?|invoke|jobs?|kwargs|methods?|operations?|parameters?|params?|payload|query|queries|runs?|scripts?|shell|sql|stdin|subprocess|tasks?|tools?|verbs?)|[a-z](?:Actions?|Args?|Arguments?|Argv|Cmds?|Commands?|Eval|Exec|Functions?|Instructions?|Invocations?|Invoke|Jobs?|Kwargs|Methods?|Operations?|Parameters?|Params?|Payload|Query|Queries|Runs?|Scripts?|Shell|Sql|Tasks?|Tools?|Verbs?)|"(?i:(?:source|script)?_?code))(?:(?:[^a-z"\\]|\\.)(?:[^"\\]|\\.)*)?":`

default brought := []

brought := [path |
	some path in members
	regex.match(bringing, path[count(path) - 1])
	not regex.match(reference, path[count(path) - 1])
	not granted(path)
] if {
	regex.match(suspicion, text)
}

# What a job is called in the books of others: task_id, runId.
reference := `^(?:[Jj]ob|[Rr]un|[Tt]ask)(?:[_-]?id|I[Dd])$`

# All but the gateway's word, the pin and the one action, which are looked up
# whole.
beside := object.remove(input, ["caller", "action", "constitutional_hash"])

# Its text, in which to look for names before the walk that makes sure.
text := json.marshal(beside)

members := [path |
	walk(beside, [path, _])
	count(path) > 0
	is_string(path[count(path) - 1])
]

granted(path) if {
	some place in places
	array.slice(path, 0, count(place)) == place
	weighed(object.get(input, place, null))
}

weighed(parameters) if {
	is_object(parameters)
	count(parameters) > 0
	every name, value in parameters {
		name in actions.grant.parameters
		plain(value)
	}
}

plain(value) if is_number(value)

plain(value) if is_boolean(value)

plain(value) if {
	is_string(value)
	count(value) <= text_max
}

violations contains sprintf("%v is not weighed: %v is not known with it", [each, actions.shown]) if {
	some each in unweighed
}

unweighed := [shown(path) | some path in array.slice(brought, 0, 8)]

shown(path) := substring(concat(".", [sprintf("%v", [step]) | some step in path]), 0, 128)
