# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.texts_test

import data.acgs.evaluation.access
import data.acgs.evaluation.access_test
import data.acgs.evaluation.principles
import data.acgs.evaluation.principles_test
import data.acgs.evaluation.texts
import data.acgs.evaluation.transparency

unseen := ["\u3164", "\u115f", "\u1160", "\uffa0", "\u2800", "\u034f", "\u17b4", "\u180e", "\ufe0f", "\u200b", "\u00ad", "\u0000"]

test_what_cannot_be_seen_is_no_word if {
	every each in unseen {
		not texts.wordy(each)
		texts.visible(concat(each, ["", "a", "b", ""])) == "ab"
		not principles.responsible with input as principles_test.in_context({"responsible_party": each})
		said := access_test.changed({"purpose": each, "allowed_purposes": [each]})
		got := access.verdict with input as said with time.now_ns as access_test.now
		"no purpose is stated" in got.reasons
	}
	every each in ["", " ", ".", "- -", "\u3164\u2800 \u200b"] {
		not texts.wordy(each)
	}
	every other in [null, 7, true, ["a"], {}] {
		not texts.wordy(other)
	}
	every each in ["a", "7", "é", "\u3164é", "한글", "x\u2800"] {
		texts.wordy(each)
	}
}

test_what_cannot_be_seen_explains_nothing if {
	every each in unseen {
		long := concat(" ", [concat("", [each | some _ in numbers.range(1, 10)]) | some _ in numbers.range(1, 5)])
		asked := principles_test.in_context({"explanation": long})
		not transparency.sufficient with input as asked
		transparency.explanation_quality != "good" with input as asked
		padded := concat("", ["we fix it", long])
		not transparency.sufficient with input as principles_test.in_context({"explanation": replace(padded, " ", concat("", [" ", each]))})
	}
}
