# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# The words in which routine maintenance is told. A change is approved without a
# person only where every word of it stands here, by itself or in one of a few
# phrases; no list of bad words could be whole. So none of the words takes away
# (remove, skip, reduce), grants (allow, open, enable), runs, moves or sends
# anything (report, message), or names what watches or guards (log, monitor,
# policy, limit), the agent itself, its goals or its rights, not even where it
# mostly means no harm. Nor do words make an address together ("screen.new").
#
# An administrator adds to them in data.acgs.evolution: `routine_words`, a list
# of single words in lower case, for all that is told, and
# `routine_dependencies`, a list of whole names.
package acgs.evaluation.routine

import data.acgs.evaluation.actions
import future.keywords.not

words := {
	"a",
	"accuracy",
	"accurate",
	"add",
	"added",
	"additional",
	"adds",
	"an",
	"analytics",
	"and",
	"animation",
	"annotation",
	"annotations",
	"average",
	"axis",
	"background",
	"banner",
	"better",
	"broken",
	"bug",
	"bugfix",
	"bugs",
	"button",
	"buttons",
	"cache",
	"cached",
	"caches",
	"caching",
	"calculation",
	"calculations",
	"calendar",
	"caption",
	"captions",
	"case",
	"cases",
	"chart",
	"charts",
	"clarified",
	"clarify",
	"clarity",
	"code",
	"color",
	"colors",
	"colour",
	"colours",
	"column",
	"columns",
	"comment",
	"comments",
	"comparison",
	"concise",
	"consistency",
	"consistent",
	"contrast",
	"correct",
	"corrected",
	"correction",
	"corrections",
	"corrects",
	"cosmetic",
	"coverage",
	"currency",
	"dashboard",
	"dashboards",
	"date",
	"dates",
	"decimal",
	"description",
	"descriptions",
	"diagram",
	"diagrams",
	"display",
	"docs",
	"docstring",
	"docstrings",
	"documentation",
	"documented",
	"duration",
	"edge",
	"efficiency",
	"efficient",
	"enhance",
	"enhanced",
	"enhancement",
	"enhancements",
	"error",
	"errors",
	"example",
	"examples",
	"fast",
	"faster",
	"feature",
	"features",
	"figure",
	"figures",
	"fix",
	"fixed",
	"fixes",
	"fixing",
	"font",
	"fonts",
	"footer",
	"for",
	"format",
	"formats",
	"formatted",
	"formatting",
	"glossary",
	"grammar",
	"graph",
	"graphs",
	"guide",
	"guides",
	"heading",
	"headings",
	"help",
	"hint",
	"hints",
	"icon",
	"icons",
	"improve",
	"improved",
	"improvement",
	"improvements",
	"improves",
	"in",
	"indentation",
	"label",
	"labels",
	"latency",
	"layout",
	"legend",
	"line",
	"lines",
	"lint",
	"linter",
	"locale",
	"localization",
	"maintenance",
	"margin",
	"markdown",
	"memory",
	"menu",
	"minor",
	"misspelled",
	"misspelling",
	"naming",
	"new",
	"number",
	"numbers",
	"of",
	"optimisation",
	"optimise",
	"optimised",
	"optimization",
	"optimizations",
	"optimize",
	"optimized",
	"optimizes",
	"optimizing",
	"ordering",
	"padding",
	"page",
	"pages",
	"pagination",
	"paragraph",
	"parser",
	"parsers",
	"parsing",
	"patch",
	"performance",
	"phrasing",
	"plot",
	"plots",
	"polish",
	"polished",
	"precision",
	"presentation",
	"punctuation",
	"quality",
	"quicker",
	"readability",
	"readable",
	"readme",
	"refactor",
	"refactored",
	"refactoring",
	"refactorings",
	"refactors",
	"regression",
	"render",
	"rendered",
	"rendering",
	"rounding",
	"row",
	"rows",
	"sample",
	"samples",
	"screen",
	"screens",
	"section",
	"sections",
	"small",
	"sort",
	"sorted",
	"sorting",
	"spacing",
	"speed",
	"spelling",
	"stability",
	"stable",
	"startup",
	"statistics",
	"style",
	"styles",
	"stylesheet",
	"styling",
	"summaries",
	"summary",
	"syntax",
	"tab",
	"table",
	"tables",
	"tabs",
	"test",
	"tested",
	"testing",
	"tests",
	"text",
	"texts",
	"the",
	"theme",
	"throughput",
	"tidied",
	"tidy",
	"time",
	"times",
	"title",
	"titles",
	"to",
	"tooltip",
	"tooltips",
	"translated",
	"translation",
	"translations",
	"typo",
	"typographical",
	"typos",
	"unit",
	"units",
	"up",
	"update",
	"updated",
	"updates",
	"version",
	"whitespace",
	"width",
	"with",
	"wording",
	"zoom",
}

# Further words of single places: what undoes a change may restart a container.
words_at := {
	"code_changes": {"data", "processing"},
	"rollback_plan.dependencies": {"database", "migration", "none", "rollback"},
	"rollback_plan.procedure": {"automated", "automatic", "automatically", "back", "container", "former", "git", "manual", "previous", "release", "restart", "restore", "revert", "roll", "rollback", "via"},
	"rollback_plan.timeline": {"about", "five", "fifteen", "hour", "hours", "less", "min", "minute", "minutes", "one", "second", "seconds", "ten", "than", "thirty", "three", "two", "under", "within"},
	"rollback_plan.verification": {"acceptance", "automated", "full", "integration", "smoke", "suite", "whole"},
	"security_improvements": {"input", "stricter", "stronger", "validation"},
	"version": {"alpha", "beta", "rc"},
}

# Where the words alone would open too much. Reports and messages are things only
# where they cannot be verbs. A phrase ends where a word does, so that it leaves
# no part of an address.
phrases := {
	"code_changes": `\b(?:error messages?|(?:in|of) (?:an? |the )?(?:messages?|reports?))[.,;:!?)]*(?: |$)`,
	"rollback_plan.procedure": `\bfeature flag disable[.,;:!?)]*(?: |$)`,
}

# Faults by their names, behind the word that mends them and before what tells
# where: anywhere else, "leak" and "crash" would be what the change does.
mended := `(?:^| )fix(?:es|ed)? (?:an? |the |some )?(?:crash(?:es)?|deadlocks?|division by zero|flaky tests?|integer overflows?|memory leaks?|off-by-one errors?|race conditions?)(?: (?:on|with|for) (?:empty|long|missing) (?:inputs?|lists?|texts?))?( (?:for|in|of|with) |[.,;]|$)`

# What is taken away without a person: nothing but this, said with nothing else,
# since whatever follows "remove" might be removed as well.
removed := `^remove[ds]? (?:an? |the |some )?unused (?:import|imports|variable|variables)[.]?$`

number := `^(?:v?[0-9]{1,9}(?:[.][0-9]{1,9}){0,3}|[0-9]{1,9}(?:ms|s|m|h|min|kb|mb|gb))$`

# The words of a text that the constitution does not know at that place.
strange(place, text) := names_strange(text) if {
	place == "external_dependencies"
} else := set() if {
	count(strange_words(place, text)) == 0
} else := set() if {
	place == "code_changes"
	regex.match(removed, lower(text))
} else := strange_words(place, regex.replace(lower(text), mended, " $1")) if {
	place == "code_changes"
} else := strange_words(place, text)

# Most words stand between blanks; what else is between them is looked at only
# where it has to be.
strange_words(place, text) := {word |
	some spelled in split(without_phrase(place, lower(text)), " ")
	not spelled in words
	token := trim(spelled, ".,;:!?()<>+")
	not token in words
	not token in words_at[place]
	token != ""
	not token in files
	not regex.match(number, token)
	some word in parts(token)
	not word in words
	not word in words_at[place]
	not regex.match(number, word)
}

without_phrase(place, text) := regex.replace(text, phrases[place], " ") if {
	phrases[place]
} else := text

# Words in one with a dot, an @ or a colon between them name a place to send to,
# or a call, and not what each of them does.
parts(token) := {token} if {
	regex.match(`[a-z0-9][.@:]+[a-z]|[a-z]:[0-9]`, token)
} else := actions.words_of(token)

files := {"readme.md"}

# What a change brings from elsewhere is known by its whole name.
dependencies := {"analytics-lib", "numpy"}

names_strange(text) := set() if {
	name_of(text) in dependencies
} else := {text}

name_of(text) := regex.replace(text, `(?:==|>=|~=)[0-9]{1,9}(?:[.][0-9]{1,9}){0,3}$`, "")

# What an administrator made known beside these.
attested(place, word) if {
	place == "external_dependencies"
	name_of(word) in listed.routine_dependencies
} else if {
	place != "external_dependencies"
	word in listed.routine_words
}

listed[name] := list if {
	some name in ["routine_dependencies", "routine_words"]
	list := object.get(data.acgs.evolution, name, [])
	is_array(list)
}

# What has another form was to say something that nobody can know.
violations contains sprintf("data.acgs.evolution.%v is attested in no known form: %v was expected", [name, form]) if {
	some name, value in data.acgs.evolution
	form := object.get(forms, name, "nothing of that name")
	not well_attested(name, value)
}

forms := {
	"routine_dependencies": "a list of names",
	"routine_words": "a list of words in lower case",
}

well_attested(name, value) if {
	is_array(value)
	pattern := patterns[name]
	every each in value {
		regex.match(pattern, each)
	}
}

patterns := {"routine_dependencies": `^[A-Za-z0-9@][A-Za-z0-9._/@-]{0,127}$`, "routine_words": `^[a-z0-9]{1,32}$`}
