# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# May an agent be changed? Five parts, weighed, choose the path of approval.
# What touches privileges or security always goes to a person, and so does every
# change that is told in other words than those of routine (routine.rego).
#
# All that a request says of a change is a claim. The documented requests force
# that its analysis, its rollback plan and its mitigations count
# (test_auto_approval_high_score, test_main_policy_evolution_approval) and that
# peer_reviewed counts a little (test_fast_track_medium_score). That a person
# approved or a security review passed is not the requester's to say: those two
# help nothing. That one of the three is not so keeps a change from being approved
# at once, but not from the fast track, where the same request has two of them
# false; so does a performance analysis that leaves something out. In strict mode
# no claim helps, as every change goes to a person.
package acgs.evaluation.evolution

import data.acgs.evaluation.actions
import data.acgs.evaluation.agent
import data.acgs.evaluation.routine
import data.acgs.evaluation.shape
import data.acgs.evaluation.texts
import future.keywords.not

weights := {
	"risk": 0.25,
	"constitutional": 0.35,
	"performance": 0.2,
	"rollback": 0.15,
	"approval": 0.05,
}

auto_from := 0.95

fast_from := 0.9

request := input.evolution_request

changes := agent.plain(object.get(request, "changes", {}))

type_risks := {
	"patch": 0,
	"bug_fix": 0,
	"minor_update": 0.02,
	"configuration_change": 0.05,
	"feature_addition": 0.05,
	"major_update": 0.3,
	"architecture_change": 0.4,
}

flag_risks := {
	"privilege_escalation": 0.4,
	"security_changes": 0.3,
	"network_changes": 0.2,
	"experimental_features": 0.2,
	"breaking_changes": 0.2,
}

default change_type := ""

change_type := request.type if is_string(request.type)

change_type := request.evolution_type if {
	not request.type
	is_string(request.evolution_type)
}

# What is there in another form than it should have counts as the worst.
malformed contains part if {
	some part in ["changes", "performance_analysis", "security_analysis", "rollback_plan", "mitigations"]
	not is_object(object.get(request, part, {}))
}

malformed contains sprintf("%v.%v", [part, name]) if {
	some part, forms in member_forms
	some name, value in agent.plain(object.get(request, part, {}))
	type_name(value) != forms[name]
}

malformed contains claim if {
	some claim in review_claims
	not is_boolean(object.get(request, claim, true))
}

malformed contains "new_attack_vectors" if not is_array(attack_vectors)

malformed contains "external_dependencies" if not is_array(dependencies)

review_claims := ["human_approved", "peer_reviewed", "security_review_passed"]

member_forms := {
	"mitigations": {name: "boolean" | some name in mitigating},
	"performance_analysis": {name: "number" | some name in deltas},
	"rollback_plan": object.union(
		{name: "string" | some name, _ in plan_places},
		{"tested": "boolean", "automated": "boolean"},
	),
}

attack_vectors := object.get(agent.plain(object.get(request, "security_analysis", {})), "new_attack_vectors", [])

# A flag is down only where it is false or not there at all.
raised contains flag if {
	some flag in object.keys(flag_risks)
	some place in [changes, request]
	object.get(place, flag, false) != false
}

# A change's own analysis counts against it.
harmless_risks := {"none", "minimal", "low"}

risk_stated := object.get(agent.plain(object.get(request, "security_analysis", {})), "risk_assessment", "low")

dependencies := object.get(changes, "external_dependencies", [])

default dependency_risk := 0.5

dependency_risk := min([0.5, 0.05 * count(dependencies)]) if is_array(dependencies)

default type_risk := 1

type_risk := type_risks[change_type]

risk_factors := {
	"change_type": type_risk,
	"dependency_changes": dependency_risk,
	"flags": sum([flag_risks[flag] | some flag in raised]),
}

mitigating := ["sandbox_deployment", "gradual_rollout", "enhanced_monitoring"]

mitigations := [name |
	some name in mitigating
	object.get(agent.plain(object.get(request, "mitigations", {})), name, false) == true
]

# Each of three mitigations takes a tenth of the risk away.
overall_risk := min([1, sum([value | some value in risk_factors]) * (1 - (0.1 * count(mitigations)))])

# Degradations count, improvements do not make up for them.
deltas := ["complexity_delta", "memory_delta", "latency_delta", "resource_delta"]

analysis := agent.plain(object.get(request, "performance_analysis", {}))

worsening(name) := 1 if {
	not is_number(object.get(analysis, name, null))
} else := max([0, analysis[name]])

performance := max([0, 1 - (sum([worsening(name) | some name in deltas]) / count(deltas))])

plan := agent.plain(object.get(request, "rollback_plan", {}))

stated contains field if {
	some field in ["procedure", "verification", "timeline", "dependencies"]
	texts.wordy(plan[field])
}

rollback := sum([
	0.5 * (count(stated) / 4),
	0.4 * truth(object.get(plan, "tested", false)),
	0.1 * truth(object.get(plan, "automated", false)),
])

truth(x) := 1 if {
	x == true
} else := 0

default approval := 0

approval := 1 if {
	change_type in {"patch", "bug_fix", "minor_update"}
	count(raised) == 0
} else := 0.6 if {
	request.peer_reviewed == true
}

default constitutional := 0

constitutional := 1 if count(violations) == 0

violations contains sprintf("the change type %v is not known", [change_type]) if not type_risks[change_type]

violations contains sprintf("the change types %v and %v contradict one another", [request.type, request.evolution_type]) if {
	request.type != request.evolution_type
}

violations contains violation if some violation in agent.violations

violations contains violation if some violation in shape.violations

violations contains violation if some violation in routine.violations

violations contains "changes says nothing of what is to be changed" if count(told) == 0

# What is to be changed, in words.
told contains text if {
	some [place, text] in free_texts
	place in {"code_changes", "external_dependencies"}
	texts.wordy(text)
}

# All that is told of a change, and how it is undone.
free_texts contains [place, text] if {
	some place in ["code_changes", "external_dependencies"]
	some text in object.get(changes, place, [])
	is_string(text)
}

free_texts contains ["security_improvements", text] if {
	some text in object.get(agent.plain(object.get(request, "security_analysis", {})), "security_improvements", [])
	is_string(text)
}

free_texts contains [place, plan[field]] if {
	some field, place in plan_places
	is_string(plan[field])
	not address(field)
}

free_texts contains ["version", request.version] if is_string(request.version)

plan_places := {
	"contact": "rollback_plan.contact",
	"dependencies": "rollback_plan.dependencies",
	"procedure": "rollback_plan.procedure",
	"timeline": "rollback_plan.timeline",
	"verification": "rollback_plan.verification",
}

address(field) if {
	field == "contact"
	regex.match(`^[a-z0-9._+-]{1,64}@[a-z0-9.-]{1,128}$`, plan.contact)
}

# Each text with its words that the constitution does not know. It knows none
# that is harmful in any company.
weighed := [[place, text, strange] |
	some [place, text] in free_texts
	strange := routine.strange(place, text)
]

# What no agent may do (actions.rego) it may not have done by its next version.
violations contains sprintf("%v tells of what goes to a person: %v", [place, substring(text, 0, 128)]) if {
	some [place, text, strange] in weighed
	count(strange) > 0
	actions.harmful(actions.forms_of(text))
}

# Words in other letters are weighed by nobody here, and letters look alike.
violations contains sprintf("%v is not in letters that are weighed: %v", [place, substring(text, 0, 128)]) if {
	regex.match(other_letters, concat(" ", [text | some [_, text] in free_texts]))
	some [place, text] in free_texts
	regex.match(other_letters, text)
}

other_letters := `[^\x20-\x7e\t\r\n\x{2010}-\x{201e}\x{2026}]`

# What nobody made known, by the place where it stands.
unfamiliar[place] contains substring(word, 0, 32) if {
	some [place, _, strange] in weighed
	some word in strange
	not routine.attested(place, word)
}

shown_max := 8

concerns contains sprintf("%v has words that are not routine: %v", [place, shown(words)]) if {
	some place, words in unfamiliar
}

shown(words) := sprintf("%v and %v more", [first(words), count(words) - shown_max]) if {
	count(words) > shown_max
} else := first(words)

first(words) := concat(", ", array.slice(sort([word | some word in words]), 0, shown_max))

violations contains "new attack vectors are reported" if {
	is_array(attack_vectors)
	count(attack_vectors) > 0
}

violations contains sprintf("%v has not the form that it should have", [part]) if some part in malformed

parts := {
	"risk": 1 - overall_risk,
	"constitutional": constitutional,
	"performance": performance,
	"rollback": rollback,
	"approval": approval,
}

score := sum([(weights[part] * parts[part]) | some part in object.keys(weights)])

concerns contains violation if some violation in violations

concerns contains sprintf("the change raises %v", [flag]) if some flag in raised

concerns contains "the security analysis does not find the risk low" if not risk_stated in harmless_risks

concerns contains "the rollback plan was not tested" if not plan.tested == true

concerns contains sprintf("the rollback plan says nothing of %v", [field]) if {
	some field in ["procedure", "verification", "timeline", "dependencies"]
	not stated[field]
}

concerns contains sprintf("%v was not analysed", [name]) if some name in unanalysed

concerns contains sprintf("%v worsens by %v", [name, analysis[name]]) if {
	some name in deltas
	is_number(analysis[name])
	analysis[name] > 0.1
}

# What keeps a change from being approved at once, whatever it scores: a review
# that was not passed, and what nobody analysed.
unreviewed contains claim if {
	some claim in review_claims
	object.get(request, claim, true) != true
}

unanalysed contains name if {
	some name in deltas
	not name in object.keys(analysis)
}

# Said only where nothing else would have kept it from that.
concerns contains sprintf("%v is not true", [claim]) if {
	score >= auto_from
	some claim in unreviewed
}

# Never without a person: strict mode, privileges, security, attack vectors.
person_needed if data.acgs.mode.strict

person_needed if count(raised & {"privilege_escalation", "security_changes"}) > 0

person_needed if count(violations) > 0

person_needed if count(unfamiliar) > 0

person_needed if not risk_stated in harmless_risks

approval_path := "human_review" if {
	person_needed
} else := "auto_approve" if {
	score >= auto_from
	count(unreviewed | unanalysed) == 0
} else := "fast_track" if {
	score >= fast_from
} else := "human_review"

approval_types := {"auto_approve": "auto_approved", "fast_track": "fast_track", "human_review": "human_review"}

required_actions contains "approval by a person" if approval_path == "human_review"

required_actions contains "review by a second developer" if {
	approval_path != "auto_approve"
	not request.peer_reviewed == true
}

required_actions contains "security review" if {
	count(raised & {"privilege_escalation", "security_changes", "network_changes"}) > 0
}

required_actions contains "test the rollback plan" if not plan.tested == true

required_actions contains "monitor performance for 24 hours" if approval_path != "human_review"

reasons contains concern if {
	approval_path == "human_review"
	some concern in concerns
}

reasons contains sprintf("the evolution score %v is below %v", [texts.shown_score(score, fast_from), fast_from]) if score < fast_from

reasons contains "strict mode leaves every change to a person" if data.acgs.mode.strict

# An approval is for a day, as documented. The gateway shows when it ends
# (valid_until) and calls it by the decision (approval_id).
validity := {"valid_seconds": 86400} if {
	approval_path != "human_review"
} else := {}

verdict := object.union(validity, {
	"allow": approval_path != "human_review",
	"approval_path": approval_path,
	"approval_type": approval_types[approval_path],
	"evolution_score": score,
	"compliance_score": score,
	"concerns": sort([concern | some concern in concerns]),
	"required_actions": sort([action | some action in required_actions]),
	"reasons": sort([reason | some reason in reasons]),
	"conditions": conditions,
	"evaluation_details": {
		"risk_assessment": {
			"overall_risk": overall_risk,
			"risk_factors": object.union(risk_factors, {
				"code_complexity": worsening("complexity_delta"),
				"privilege_changes": truth("privilege_escalation" in raised),
				"experimental_features": truth("experimental_features" in raised),
			}),
			"mitigation_score": count(mitigations) / 3,
		},
		"constitutional": {"passed": count(violations) == 0, "score": constitutional},
		"performance_impact": {
			"acceptable": performance >= 0.8,
			"score": performance,
			"improvements": [trim_suffix(name, "_delta") | some name in deltas; is_number(analysis[name]); analysis[name] < 0],
			"regressions": [trim_suffix(name, "_delta") | some name in deltas; is_number(analysis[name]); analysis[name] > 0],
		},
		"rollback_readiness": {
			"score": rollback,
			"automated": object.get(plan, "automated", false) == true,
			"tested": object.get(plan, "tested", false) == true,
			"timeline_acceptable": "timeline" in stated,
		},
		"approval": {"score": approval},
	},
})

conditions := ["monitor performance for 24 hours", "roll back if the error rate exceeds 1%"] if {
	approval_path != "human_review"
} else := []
