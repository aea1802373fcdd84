# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.texts_test

import data.acgs.evaluation.access
import data.acgs.evaluation.access_test
import data.acgs.evaluation.constitutional
import data.acgs.evaluation.evolution
import data.acgs.evaluation.evolution_test
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

test_a_text_is_judged_by_its_beginning if {
	padding := concat("", ["\u3164" | some _ in numbers.range(1, texts.looked_at - 1)])
	texts.wordy(concat("", [padding, "é"]))
	not texts.wordy(concat("", [padding, ".é"]))
	not texts.wordy(concat("", [padding, ".a"]))
	long := concat("", ["a" | some _ in numbers.range(1, 2 * texts.looked_at)])
	count(texts.visible(long)) == texts.looked_at
	internal := {"action": "data.read_internal"}
	late := principles_test.in_context({"explanation": concat("", [padding, "Reading a table for the weekly summary"])})
	transparency.explanation_quality == "insufficient" with input as object.union(late, internal)
	early := principles_test.in_context({"explanation": concat("", ["Reading a table for the weekly summary", padding])})
	transparency.explanation_quality == "good" with input as object.union(early, internal)
}

test_a_score_that_falls_short_is_never_shown_as_enough if {
	texts.shown_score(0.91428, 0.95) == 0.914
	texts.shown_score(0.94999, 0.95) == 0.94999
	texts.shown_score(0.9496, 0.95) == 0.9496
	texts.shown_score(0.9494, 0.95) == 0.949
	asked := constitutional.reasons with input as principles_test.in_context({}) with data.acgs.evaluation.constitutional.score as 0.94999
	asked == {"the compliance score 0.94999 is below 0.95"}
	changed := evolution.reasons with input as evolution_test.small with data.acgs.evaluation.evolution.score as 0.89999
	changed == {"the evolution score 0.89999 is below 0.9"}
	accessed := access.reasons with input as access_test.personal with time.now_ns as access_test.now with data.acgs.evaluation.access.score as 0.89999
	accessed == {"the access score 0.89999 is below 0.9"}
}
