# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.capabilities_test

import data.acgs.evaluation.actions
import data.acgs.evaluation.capabilities
import data.acgs.evaluation.constitutional
import data.acgs.evaluation.principles_test

able(what) := principles_test.in_context({"agent": {"capabilities": what}})

test_what_an_agent_can_do_gives_nothing_and_takes if {
	every ordinary in [[], ["data_read", "compute_analysis"], ["search", "write"], ["logging", "code review", "Arm-Control"]] {
		constitutional.verdict.allow with input as able(ordinary)
	}
	every dangerous in [
		"execute_shell", "disable_oversight", "disableOversight", "by_pass", "read_credentials", "modify_self", "run_bash", "sudo",
		"delete_all", "delete_files", "network_scan", "killing audit logs", "d1sable_safety",
	] {
		got := constitutional.verdict with input as able(["data_read", dangerous])
		not got.allow
		got.evaluation_details.safety.violations == [sprintf("the capability %v is dangerous and never allowed", [dangerous])]
	}
}

test_each_dangerous_action_is_a_dangerous_capability if {
	every action in actions.dangerous_actions {
		capabilities.dangerous(action)
	}
	without_domain := {split(action, ".")[1] | some action in actions.dangerous_actions}
	every name in without_domain - {"disable", "modify", "scan"} {
		capabilities.dangerous(name)
	}
}

test_an_everyday_word_is_dangerous_in_no_company if {
	told := {form | some word in capabilities.everyday_words; some form in actions.forms_of(word)}
	every words in [
		actions.credential_words, actions.dangerous_words, actions.guarded_words, actions.watching_words,
		actions.self_words, actions.running_words, actions.changing_words,
	] {
		count(told & words) == 0
	}
}

bound := "context.agent.capabilities are over 32, or one has over 128 characters"

test_capabilities_are_bounded if {
	most := ["data_read" | some _ in numbers.range(1, 32)]
	constitutional.verdict.allow with input as able(most)
	more := constitutional.verdict with input as able(array.concat(most, ["data_read"]))
	more.reasons == [bound, "the compliance score 0.697 is below 0.95"]
	longest := concat("", ["a" | some _ in numbers.range(1, 128)])
	constitutional.verdict.allow with input as able([longest])
	longer := constitutional.verdict with input as able([concat("", [longest, "a"])])
	bound in longer.reasons
	odd := constitutional.verdict with input as able([7])
	"context.agent.capabilities is not a list of texts" in odd.reasons
	not bound in odd.reasons
	unlisted := constitutional.verdict with input as able("execute_shell")
	"context.agent.capabilities is not a list of texts" in unlisted.reasons
}
