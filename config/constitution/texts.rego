# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What of a text can be seen, and how a score is told. Some characters show
# nothing although they count as letters (the Hangul fillers, the blanks of the
# hieroglyphs) or as signs (the blank of Braille): a text of those says nothing.
package acgs.evaluation.texts

# Whether a text says anything is judged by so many characters of its beginning:
# a longer one would only cost more.
looked_at := 1024

invisible := `[\pC\x{34f}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180b}-\x{180f}\x{2800}\x{3164}\x{fe00}-\x{fe0f}\x{ffa0}\x{13441}\x{13442}\x{e0100}-\x{e01ef}]`

visible(text) := trim_space(regex.replace(beginning(text), invisible, ""))

beginning(text) := substring(text, 0, looked_at)

# Most texts are words of ASCII, for which the first look is enough.
wordy(text) if {
	is_string(text)
	regex.match(`[a-zA-Z0-9]`, beginning(text))
} else if {
	is_string(text)
	regex.match(`[\pL\pN]`, visible(text))
}

# A score that falls short, rounded unless that would say that it does not.
shown_score(score, threshold) := rounded if {
	rounded := round(score * 1000) / 1000
	rounded < threshold
} else := score
