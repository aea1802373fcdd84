# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What an action is to be done with. The constitution judges an action by its
# name, so that parameters would get a verdict on something that nobody weighed.
# Only an action that an administrator made known with "parameters" may bring
# those, in `parameters` of the request or of its context, each a bounded text,
# a number or a Boolean.
package acgs.evaluation.parameters

import data.acgs.evaluation.actions
import future.keywords.not

text_max := 1024

# What an administrator lets the action be given.
granted := {name | some name in actions.grant.parameters}

violations contains sprintf("%v is not weighed: %v is not known with it", [place, actions.shown]) if {
	some place, given in brought
	not weighed(given)
}

brought["parameters"] := input.parameters

brought["context.parameters"] := input.context.parameters

weighed(parameters) if {
	is_object(parameters)
	count(parameters) > 0
	every name, value in parameters {
		name in granted
		plain(value)
	}
}

plain(value) if is_number(value)

plain(value) if is_boolean(value)

plain(value) if {
	is_string(value)
	count(value) <= text_max
}
