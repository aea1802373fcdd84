# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What words tell of an action, a change or a field that people have named.
# No such list is whole: nothing is allowed for telling of none of this, but what
# does tell of it is refused whoever wants it.
package acgs.evaluation.actions

# Whole words of what opens doors. Nothing is done with these, not even reading.
credential_words := {
	"apikey",
	"apikeys",
	"certificate",
	"certificates",
	"cookie",
	"cookies",
	"cred",
	"credential",
	"credentials",
	"creds",
	"jwt",
	"jwts",
	"key",
	"keychain",
	"keyring",
	"keys",
	"keystore",
	"keytab",
	"kubeconfig",
	"otp",
	"passcode",
	"passcodes",
	"passkey",
	"passkeys",
	"passphrase",
	"passwd",
	"password",
	"passwords",
	"privatekey",
	"pwd",
	"secret",
	"secrets",
	"token",
	"tokens",
	"totp",
}

# Whole words that make an action dangerous wherever they stand in its name.
dangerous_words := {
	"admin",
	"allowlist",
	"backdoor",
	"bash",
	"botnet",
	"bypass",
	"chmod",
	"chown",
	"cmd",
	"command",
	"commands",
	"csh",
	"curl",
	"doas",
	"elevate",
	"env",
	"environ",
	"escalate",
	"escalation",
	"escape",
	"eval",
	"exec",
	"execute",
	"exfiltrate",
	"exfiltration",
	"exploit",
	"firewall",
	"firewalls",
	"hijack",
	"impersonate",
	"inject",
	"injection",
	"iptables",
	"jailbreak",
	"kernel",
	"keylogger",
	"ksh",
	"malware",
	"netcat",
	"netfilter",
	"nft",
	"nftables",
	"popen",
	"powershell",
	"privilege",
	"privileges",
	"pwsh",
	"ransomware",
	"replicate",
	"rm",
	"root",
	"rootkit",
	"sabotage",
	"script",
	"scripts",
	"selfmodify",
	"setuid",
	"sh",
	"shadow",
	"shell",
	"shellcode",
	"spawn",
	"spoof",
	"spyware",
	"ssh",
	"steal",
	"subprocess",
	"sudo",
	"sudoers",
	"superuser",
	"tamper",
	"tcsh",
	"terminal",
	"ufw",
	"virus",
	"weights",
	"wget",
	"wipe",
	"zsh",
}

# What guards: whoever touches it with another verb than one that looks is
# dangerous, so that no list has to know each word for switching it off.
guarded_words := {
	"apparmor",
	"audit",
	"auditing",
	"auditlog",
	"auditlogs",
	"auditor",
	"auditors",
	"constitution",
	"constitutional",
	"governance",
	"guard",
	"guardrail",
	"guardrails",
	"guards",
	"killswitch",
	"killswitches",
	"log",
	"logger",
	"loggers",
	"logging",
	"logs",
	"monitor",
	"monitoring",
	"monitors",
	"oversight",
	"policies",
	"policy",
	"safeguard",
	"safeguards",
	"safety",
	"seccomp",
	"security",
	"selinux",
	"supervision",
	"watchdog",
	"watchdogs",
}

# "list" in "audit.list_findings".
looking_verbs := {
	"analyze",
	"check",
	"compare",
	"count",
	"describe",
	"explain",
	"get",
	"inspect",
	"list",
	"log",
	"monitor",
	"query",
	"read",
	"report",
	"review",
	"search",
	"show",
	"summarize",
	"test",
	"validate",
	"verify",
	"view",
	"watch",
}

# What watches too, but is met with in everyday actions ("robot.assist_human"):
# dangerous beside a word for switching off or changing.
watching_words := {
	"alarm",
	"alarms",
	"alert",
	"alerts",
	"approval",
	"approvals",
	"human",
	"humans",
	"ledger",
	"review",
	"reviewer",
	"reviews",
	"sandbox",
	"sandboxing",
	"supervisor",
}

changing_words := {
	"alter",
	"amend",
	"change",
	"circumvent",
	"clear",
	"deactivate",
	"delete",
	"detach",
	"disable",
	"dismiss",
	"down",
	"drop",
	"edit",
	"erase",
	"evade",
	"falsify",
	"flush",
	"forge",
	"hide",
	"ignore",
	"kill",
	"modify",
	"mute",
	"off",
	"override",
	"overwrite",
	"patch",
	"pause",
	"purge",
	"remove",
	"replace",
	"reprogram",
	"reset",
	"restart",
	"rewrite",
	"shut",
	"shutdown",
	"silence",
	"skip",
	"stop",
	"suppress",
	"suspend",
	"terminate",
	"truncate",
	"turn",
	"undo",
	"uninstall",
	"unload",
	"update",
	"weaken",
	"write",
}

# An agent does not change itself. What else is done to oneself is dangerous, too,
# but for looking and what moves a body ("robot.park_itself").
self_words := {"itself", "own", "self"}

self_changing_words := {
	"amend",
	"clone",
	"copy",
	"duplicate",
	"edit",
	"evolve",
	"fork",
	"improve",
	"modify",
	"patch",
	"rebuild",
	"reconfigure",
	"replicate",
	"reprogram",
	"retrain",
	"rewrite",
	"train",
	"tune",
	"update",
	"upgrade",
}

moving_verbs := {"calibrate", "charge", "dock", "introduce", "locate", "park", "position"}

# Shells whose names mean something else as well, and what would run them.
shells := {"ash", "dash", "fish"}

running_words := {"call", "invoke", "launch", "open", "run", "start", "use"}

words_of(text) := {word | some word in regex.split(`[^a-z0-9]+`, lower(text)); word != ""}

# The words of a text with what each may be a form of: whatever disables, is
# disabling or d1sables is looked up as "disable" as well.
forms_of(text) := {form |
	some spelled in {text, regex.replace(text, `([a-z0-9])([A-Z])`, "$1 $2")}
	some word in words_of(spelled)
	some letters in {word, strings.replace_n(digits_as_i, word), strings.replace_n(digits_as_l, word)}
	some form in forms(letters)
} | joined(text, joined_words)

# What of a pattern stands in a text, however its letters are put together.
joined(text, pattern) := {found |
	letters := letters_of(text)
	some spelled in {letters, strings.replace_n(digits_as_i, letters)}
	some found in regex.find_n(pattern, spelled, -1)
}

# Words that stand in no other one: they are found where they are written in one
# with their neighbours ("userpassword") or in two ("over_sight").
joined_words := concat("|", [
	`allowlist|apikey|backdoor|botnet|bypass|constitution|credential|escalate|escalation|exfiltrate|exfiltration|firewall|guardrail`,
	`impersonate|iptables|jailbreak|keylogger|killswitch|malware|oversight|passphrase|passwd|password|powershell|privatekey|privilege`,
	`ransomware|rootkit|safeguard|selfmodify|shellcode|spyware|subprocess|sudoers|superuser|watchdog`,
])

# A text without what its spellings differ in: capitals and separators.
letters_of(text) := lower(regex.replace(text, `[ ._:@+-]+`, ""))

digits_as_i := {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"}

digits_as_l := object.union(digits_as_i, {"1": "l"})

forms(word) := {word} | {form |
	some [ending, letters] in endings
	endswith(word, ending)
	stem := trim_suffix(word, ending)
	count(stem) > 2
	some letter in letters
	form := concat("", [stem, letter])
}

# What a word may end in, and what may stand there in the word itself.
endings := [
	["s", ["", "e"]], ["es", ["", "e"]], ["d", ["", "e"]], ["ed", ["", "e"]], ["ing", ["", "e"]],
	["ies", ["y"]], ["ied", ["y"]],
]

# What is so in any text, where no word can be told to be the verb.
harmful(these) if count(these & dangerous_words) > 0

harmful(these) if count(these & credential_words) > 0

harmful(these) if {
	count(these & changing_words) > 0
	count(these & (guarded_words | watching_words)) > 0
}

# "self_modify" and "modify_self", in any domain, and modifying its own code.
harmful(these) if {
	count(these & self_words) > 0
	count(these & self_changing_words) > 0
}

harmful(these) if {
	count(these & running_words) > 0
	count(these & shells) > 0
}
