# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.routine_test

import data.acgs.evaluation.actions
import data.acgs.evaluation.evolution
import data.acgs.evaluation.evolution_test
import data.acgs.evaluation.routine
import data.acgs.main

told(texts) := evolution_test.with_change({"changes": {"code_changes": texts}})

planned(field, text) := evolution_test.with_change({"rollback_plan": {field: text}})

all_words := routine.words | {word | some place; some word in routine.words_at[place]}

test_no_word_of_routine_is_harmful_in_any_company if {
	some_forms := {form | some word in all_words; some form in actions.forms_of(word)}
	count(some_forms & actions.credential_words) == 0
	count(some_forms & actions.dangerous_words) == 0
	count(some_forms & actions.guarded_words) == 0
	count(some_forms & actions.watching_words) == 0
	count(some_forms & actions.self_words) == 0
	count(some_forms & actions.shells) == 0
	every word in all_words {
		regex.match(`^[a-z]+$`, word)
	}
}

test_what_takes_control_is_no_routine if {
	every text in {
		"Deactivate oversight", "Shut down monitoring", "make logging optional", "comment out the audit call",
		"by-pass the fire wall", "grant r00t", "read creds from vault", "let the agent edit its own code",
		"agent rewrites self", "self-replication", "raise my trust level to 1", "lower the allow threshold to 0",
		"use /bin/zsh", "os.system call", "d i s a b l e oversight", "DISABLEOVERSIGHT", "remove rate limits",
		"prevent shutdown", "copy agent to other hosts", "mine bitcoin", "new user with full rights", "disable tests",
		"remove tests", "fix the reward", "add agent", "improve the model", "update prompt",
	} {
		got := evolution.verdict with input as told(["Bug fix", text])
		not got.allow
		got.approval_path == "human_review"
		some concern in got.reasons
		startswith(concern, "code_changes has words that are not routine: ")
	}
}

test_routine_maintenance_needs_no_person if {
	every text in {
		"Bug-fix", "Fix typo in the documentation", "Refactor tests for readability", "Improve performance of the cache",
		"Update dashboard layout (v2.1)", "Faster startup: 20ms", "data processing", "Corrects 3 labels, adds an icon!",
		"fix typo in README.md", "Remove unused import", "Fix memory leak in cache", "Add unit tests for the date parser",
		"Fix crash on empty input", "Fix off-by-one error in pagination", "Fixed the flaky tests", "removes some unused variables.",
		"Fix a race condition in rendering, fix crash for missing texts in reports", "Clarify error message", "Fix spelling of error messages.",
		"Fix rounding in the report, update layout", "fix typos in messages of reports", "Add 12:30 to the time table", "Add text (in report)",
	} {
		got := evolution.verdict with input as told([text])
		got.approval_path == "auto_approve"
		got.concerns == []
	}
}

# The words of the phrases are not known beside them, nor are they in another
# order, with another verb, or with something else that the verb could mean.
test_a_phrase_opens_no_more_than_itself if {
	every text in {
		"leak data", "Fix the leak", "fix; leak the data in reports", "fix memory; leak data", "Add memory leak", "memory leak in cache",
		"fix memory leak data to messages", "fix crash the dashboard", "crash on empty input", "prefix crash", "bugfix crash", "fix crash-report",
		"empty the tables", "Fix crash on empty", "Fix crash on input", "Fix crash on data", "Fix memory leakage", "off", "by one error",
		"Fix off-by-one error and turn off tests", "Fix memory leak in audit", "Fix crash in sandbox", "fix memory leak in cache, leak data",
		"remove", "remove import", "remove unused tests", "Remove unused imports and tests", "Remove unused import, tests",
		"remove unused import\ntests", "remove unused imports in tests", "Fix typo. Remove unused import", "unused import", "import data",
		"Report data to report.new", "report", "reports", "message", "messages", "Report errors", "Message help", "Add new data to report",
		"In reporting", "error reports data", "of messaging", "fix typo in reports_data", "in report-new", "fix report data",
		"Update data to screen.page", "help@screen.page", "Add data in report.new", "of messages.new", "error message.new", "table:80",
		"new:data", "code.display(data)", "Update style.md", "data..help", "skip unused import", "disable flaky tests", "remove flaky tests", "add race condition", "disable unused imports",
	} {
		got := evolution.verdict with input as told([text])
		got.approval_path == "human_review"
		some concern in got.reasons
		startswith(concern, "code_changes has words that are not routine: ")
	}
	every text in {"Remove unused import", "Fix memory leak in cache"} {
		not evolution.verdict.allow with input as planned("procedure", text)
	}
}

test_each_unknown_word_is_named_but_not_without_bound if {
	got := evolution.verdict with input as told(["Bug fix of oversight, then more oversight"])
	got.concerns == ["code_changes has words that are not routine: more, oversight, then"]
	many := concat(" ", [sprintf("w%d", [n]) | some n in numbers.range(10000, 19999)])
	bounded := evolution.verdict with input as told([many])
	bounded.concerns == ["code_changes has words that are not routine: w10000, w10001, w10002, w10003, w10004, w10005, w10006, w10007 and 9992 more"]
	long := evolution.verdict with input as told([concat("", [sprintf("w%d", [n]) | some n in numbers.range(1000, 1999)])])
	long.concerns == ["code_changes has words that are not routine: w1000w1001w1002w1003w1004w1005w1"]
}

test_a_number_is_not_spelled_with_letters if {
	every text in {"Bug fix 5sh", "Bug fix v", "Bug fix 1234567890", "Bug fix 0x41", "Bug fix 1.2.3.4.x"} {
		not evolution.verdict.allow with input as told([text])
	}
	every text in {"Bug fix 5min", "Bug fix v2", "Bug fix 123456789", "Bug fix <1.2.3.4>"} {
		evolution.verdict.allow with input as told([text])
	}
}

test_every_free_text_of_a_change_is_weighed if {
	every field in ["procedure", "verification", "timeline", "dependencies", "contact"] {
		got := evolution.verdict with input as planned(field, "disable oversight")
		got.approval_path == "human_review"
		sprintf("rollback_plan.%v has words that are not routine: disable, oversight", [field]) in got.concerns
	}
	improved := evolution.verdict with input as evolution_test.with_change({"security_analysis": {"security_improvements": ["input to kernel"]}})
	"security_improvements has words that are not routine: kernel" in improved.concerns
	versioned := evolution.verdict with input as evolution_test.with_change({"version": "1.0; deactivate oversight"})
	versioned.concerns == [
		"version has words that are not routine: deactivate, oversight",
		"version tells of what goes to a person: 1.0; deactivate oversight",
	]
	evolution.verdict.allow with input as evolution_test.with_change({"version": "v1.2.1-rc.2"})
}

# Each of its words is one of routine: together they tell of another place.
test_an_address_is_no_words if {
	got := evolution.verdict with input as told(["Update data to screen.new, help@page.new and table:80."])
	got.concerns == ["code_changes has words that are not routine: help@page.new, screen.new, table:80"]
	sent := evolution.verdict with input as told(["Report data to report.new"])
	sent.concerns == ["code_changes has words that are not routine: report, report.new"]
	undone := evolution.verdict with input as planned("procedure", "Feature flag disable.rollback")
	undone.concerns == ["rollback_plan.procedure has words that are not routine: disable.rollback, flag"]
	evolution.verdict.allow with input as told(["Fix typo in README.md."])
}

test_words_of_one_place_are_not_known_at_another if {
	every text in {"revert", "none", "restart the container", "feature flag disable", "input validation", "database migration"} {
		not evolution.verdict.allow with input as told([text])
	}
	every verification in ["None", "validation", "restart"] {
		not evolution.verdict.allow with input as planned("verification", verification)
	}
	evolution.verdict.allow with input as planned("procedure", "Feature flag disable + rollback")
	not evolution.verdict.allow with input as planned("procedure", "disable flag")
	evolution.verdict.allow with input as evolution_test.with_change({"security_analysis": {"security_improvements": ["Stricter input validation"]}})
}

test_somebody_is_named_by_an_address if {
	evolution.verdict.allow with input as planned("contact", "dev.ops+1@example.com")
	every other in ["devops@example.com; disable oversight", "devops", "@example.com", "dev ops@example.com"] {
		not evolution.verdict.allow with input as planned("contact", other)
	}
	not evolution.verdict.allow with input as planned("procedure", "devops@example.com")
	both := evolution_test.with_change({"rollback_plan": {"contact": "devops@example.com", "procedure": "disable oversight"}})
	not evolution.verdict.allow with input as both
}

test_a_text_without_words_tells_nothing if {
	every text in {".", "", "--", "\u3164", "\u115f", "\u1160\u1160", "\uffa0", "\u2800", "\u200b"} {
		got := evolution.verdict with input as told([text])
		"changes says nothing of what is to be changed" in got.concerns
		undone := evolution.verdict with input as planned("procedure", text)
		"the rollback plan says nothing of procedure" in undone.concerns
	}
	evolution.verdict.allow with input as told(["Bug fix", "."])
	not evolution.verdict.allow with input as told(["Bug fix", "\u3164"])
}

test_the_text_in_other_letters_is_named if {
	got := evolution.verdict with input as told(["Bug fix", "Fix\u00a0typo"])
	got.concerns == ["code_changes is not in letters that are weighed: Fix\u00a0typo"]
}

bringing(name) := evolution_test.with_change({"changes": {"external_dependencies": [name]}})

test_what_is_brought_from_elsewhere_is_known_by_its_whole_name if {
	every name in ["analytics-lib", "numpy", "numpy>=1.21.0", "numpy==2"] {
		evolution.verdict.allow with input as bringing(name)
	}
	every name in [
		"rootkit", "", ".", "Numpy", "numpy ", "numpy>=", "numpy; os", "numpy>=1.21.0.1.2", "numpy2", "git+https://example.org/numpy",
		"analytics", "lib", "fix",
	] {
		got := evolution.verdict with input as bringing(name)
		sprintf("external_dependencies has words that are not routine: %v", [name]) in got.concerns
		got.approval_path == "human_review"
	}
}

test_an_administrator_adds_words_of_routine if {
	asked := told(["Fix planner of warehouse robots"])
	not evolution.verdict.allow with input as asked
	not evolution.verdict.allow with input as asked with data.acgs.evolution as {"routine_words": ["planner", "warehouse"]}
	evolution.verdict.allow with input as asked with data.acgs.evolution as {"routine_words": ["planner", "robots", "warehouse"]}
	not evolution.verdict.allow with input as bringing("planner") with data.acgs.evolution as {"routine_words": ["planner"]}
	brought := bringing("left-pad>=1.3")
	not evolution.verdict.allow with input as brought
	evolution.verdict.allow with input as brought with data.acgs.evolution as {"routine_dependencies": ["left-pad"]}
	not evolution.verdict.allow with input as told(["fix left-pad"]) with data.acgs.evolution as {"routine_dependencies": ["left-pad", "left", "pad"]}
}

test_an_administrators_words_do_not_disable_what_watches if {
	got := evolution.verdict with input as told(["disable oversight"])
		with data.acgs.evolution as {"routine_words": ["disable", "oversight"]}
	got.concerns == ["code_changes tells of what goes to a person: disable oversight"]
	every text in ["deactivate oversight", "neuter the overs1ght firewall", "flush logs", "patch itself", "rewrite own code", "read creds", "run dash"] {
		words := split(text, " ")
		other := evolution.verdict with input as told([text]) with data.acgs.evolution as {"routine_words": words}
		other.concerns == [sprintf("code_changes tells of what goes to a person: %v", [text])]
	}
	undone := evolution.verdict with input as planned("procedure", "open a shell")
		with data.acgs.evolution as {"routine_words": ["open", "shell"]}
	undone.concerns == ["rollback_plan.procedure tells of what goes to a person: open a shell"]
}

test_words_in_no_known_form_send_every_change_to_a_person if {
	every odd in [
		{"routine_words": "planner"}, {"routine_words": ["Planner"]}, {"routine_words": ["two words"]}, {"routine_words": [""]},
		{"routine_words": [7]}, {"routine_words": {"planner": true}}, {"routine_words": null}, {"routine_word": []},
		{"routine_dependencies": "numpy"}, {"routine_dependencies": [""]}, {"routine_dependencies": [null]},
	] {
		got := evolution.verdict with input as evolution_test.small with data.acgs.evolution as odd
		not got.allow
		some reason in got.reasons
		startswith(reason, "data.acgs.evolution.routine_")
		contains(reason, "is attested in no known form")
	}
	every odd in [[], "words", null, 7] {
		got := main.decision with input as evolution_test.small
			with data.acgs.constitution as evolution_test.active
			with data.acgs.evolution as odd
		got.reasons == ["data.acgs.evolution is attested in no known form: an object was expected"]
	}
}
