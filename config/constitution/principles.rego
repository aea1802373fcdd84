# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# The seven principles, each with a score from 0 to 1. A principle that is
# broken outright is a violation, which no score of another outweighs.
package acgs.evaluation.principles

import data.acgs.evaluation.actions
import data.acgs.evaluation.safety
import data.acgs.evaluation.texts
import data.acgs.evaluation.transparency
import future.keywords.not

harm_max := 0.3

fairness_min := 0.8

context := safety.context

# An assessment that is no number from 0 to 1 counts as the worst one.
assessed(name, worst, unassessed) := unassessed if {
	not name in object.keys(context)
} else := context[name] if {
	is_number(context[name])
	context[name] >= 0
	context[name] <= 1
} else := worst

flagged(name) if {
	value := object.get(context, name, false)
	value != false
}

harm := assessed("harm_risk_assessment", 1, 0)

fairness := assessed("fairness_assessment", 0, 1)

# Praise of oneself counts no more than silence.
benefit := min([0.95, assessed("benefit_assessment", 0, 0.95)])

principles := {
	"autonomy": autonomy,
	"beneficence": benefit,
	"non_maleficence": 1 - harm,
	"transparency": transparency.score,
	"fairness": fairness_score,
	"privacy": privacy,
	"accountability": accountability,
}

# What an action does by its name needs no flag.
overriding if flagged("overrides_user_preference")

overriding if "override" in actions.words

autonomy := 1 if {
	not overriding
} else := 0.9 if {
	context.user_consent == true
} else := 0

fairness_score := fairness if {
	fairness_assessed
} else := 0

fairness_assessed if not flagged("affects_protected_groups")

fairness_assessed if "fairness_assessment" in object.keys(context)

touches_persons if count(actions.words & {"personal", "private", "user", "users"}) > 0

privacy := 0.95 if {
	touches_persons
} else := 1

responsible if texts.wordy(context.responsible_party)

accountability := 1 if {
	responsible
} else := 0.95

violations contains "a user's preference is overridden without consent" if {
	overriding
	not context.user_consent == true
}

violations contains "the user has not consented: user_consent is not true" if {
	touches_persons
	not overriding
	not object.get(context, "user_consent", true) == true
}

violations contains sprintf("the risk of harm %v exceeds %v", [harm, harm_max]) if harm > harm_max

violations contains sprintf("the fairness %v is below %v", [fairness, fairness_min]) if {
	fairness < fairness_min
}

violations contains "protected groups are affected and fairness was not assessed" if not fairness_assessed

violations contains "there is no audit trail: audit_enabled is not true" if {
	not safety.environment.audit_enabled == true
}

violations contains "actions on the system need a responsible_party" if {
	actions.parts[0] == "system"
	not responsible
}

score := sum([value | some value in principles]) / count(principles)

evaluation := {
	"passed": count(violations) == 0,
	"score": score,
	"principles": principles,
	"violations": sort([violation | some violation in violations]),
}
