# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# Can somebody understand later why this was done? Only reading what is public
# needs no explanation.
package acgs.evaluation.transparency

import data.acgs.evaluation.actions
import data.acgs.evaluation.texts
import future.keywords.not

length_min := 20

words_min := 3

default explanation := ""

# Its beginning (texts.looked_at), without what shows nothing: controls,
# characters of no width, fillers.
explanation := texts.visible(input.context.explanation) if is_string(input.context.explanation)

needless if actions.name in {"data.read_public", "data.list_public", "data.search_public"}

sufficient if {
	count(explanation) >= length_min
	count(regex.find_n(`[\pL\pN]+`, explanation, words_min)) >= words_min
}

# Decisions, users and the system: never without a reason.
required if actions.parts[0] in {"decision", "user", "system"}

explanation_quality := "good" if {
	sufficient
} else := "not_required" if {
	needless
} else := "insufficient" if {
	explanation != ""
} else := "missing"

scores := {"good": 1, "not_required": 0.9, "insufficient": 0.3, "missing": 0}

score := scores[explanation_quality]

violations contains sprintf("%v needs an explanation of at least %v characters and %v words", [actions.shown, length_min, words_min]) if {
	required
	not sufficient
}

evaluation := {
	"passed": score >= 0.9,
	"score": score,
	"explanation_quality": explanation_quality,
	"violations": sort([violation | some violation in violations]),
}
