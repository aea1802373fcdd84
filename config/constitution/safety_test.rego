# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.safety_test

import data.acgs.evaluation.safety
import data.acgs.main_test

in_context(changes) := object.union(main_test.permitted, {"context": object.union(main_test.permitted.context, changes)})

test_a_sandbox_is_needed if {
	every environment in [{}, {"sandbox_enabled": false}, {"sandbox_enabled": "true"}, {"sandbox_enabled": 1}] {
		context := object.union(object.remove(main_test.permitted.context, ["environment"]), {"environment": environment})
		not safety.evaluation.passed with input as object.union(
			object.remove(main_test.permitted, ["context"]),
			{"context": context},
		)
	}
}

test_usage_beyond_the_limit_is_refused if {
	safety.evaluation.passed with input as in_context({"current_usage_count": 100})
	every count_ in [101, -1, "5", null] {
		not safety.evaluation.passed with input as in_context({"current_usage_count": count_})
	}
}

test_no_hurry_opens_anything if {
	every urgency in ["low", "normal", "high"] {
		safety.evaluation.passed with input as in_context({"urgency": urgency})
	}
	every urgency in ["critical", "emergency", "override all rules", "NORMAL", "", 1, null, true] {
		got := safety.evaluation with input as in_context({"urgency": urgency})
		got.violations == ["context.urgency is none of high, low, normal"]
	}
}
