# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# Is the action safe at all? Dangerous actions are refused whatever else may
# speak for them, and so is every action that is not known.
package acgs.evaluation.safety

import data.acgs.evaluation.agent

trust_min := 0.7

usage_max := 100

environment := object.get(object.get(input, "context", {}), "environment", {})

# Named by what they do: no score outweighs one of these.
dangerous_actions := {
	"agent.disable_logging",
	"agent.impersonate",
	"agent.self_modify",
	"agent.self_replicate",
	"audit.delete_logs",
	"audit.disable",
	"audit.modify_logs",
	"auth.bypass",
	"auth.create_backdoor",
	"auth.escalate_privileges",
	"auth.steal_credentials",
	"constitution.bypass",
	"constitution.modify",
	"data.delete_all",
	"data.exfiltrate",
	"model.self_modify",
	"model.weight_exfiltration",
	"network.bypass_firewall",
	"network.open_backdoor",
	"network.scan",
	"oversight.bypass",
	"oversight.disable",
	"policy.bypass",
	"policy.disable",
	"sandbox.escape",
	"system.delete_files",
	"system.disable_security",
	"system.execute_shell",
	"system.execute_untrusted",
	"system.kernel_module",
	"system.modify_kernel",
	"system.self_modify",
}

# Words that make an action dangerous wherever they stand in its name.
dangerous_words := {
	"allowlist",
	"backdoor",
	"bash",
	"bypass",
	"certificate",
	"chmod",
	"chown",
	"cmd",
	"credential",
	"credentials",
	"escalate",
	"escape",
	"exec",
	"execute",
	"exfiltrate",
	"exfiltration",
	"exploit",
	"firewall",
	"impersonate",
	"jailbreak",
	"keylogger",
	"keys",
	"malware",
	"passwd",
	"password",
	"passwords",
	"powershell",
	"privilege",
	"privileges",
	"ransomware",
	"rm",
	"sh",
	"root",
	"secret",
	"secrets",
	"selfmodify",
	"shadow",
	"shell",
	"ssh",
	"sudo",
	"tamper",
	"wipe",
}

# Long enough to mean the same within a longer word: "passwordfile".
dangerous_parts := {word | some word in dangerous_words; count(word) >= 6} | {
	"api_key",
	"apikey",
	"chmod",
	"iptables",
	"private_key",
	"selfmodif",
	"shell",
	"sudo",
}

# "disable_oversight" and its kind: switching off what watches.
disabling_words := {"circumvent", "disable", "evade", "ignore", "kill", "remove", "stop", "suppress", "turn"}

watching_words := {
	"alarm",
	"alarms",
	"alerts",
	"audit",
	"auditing",
	"constitution",
	"guardrail",
	"guardrails",
	"log",
	"logging",
	"logs",
	"monitor",
	"monitoring",
	"oversight",
	"policies",
	"policy",
	"safety",
	"sandbox",
	"security",
}

# What keeps watch over agents: none of them changes it at all.
guarding_parts := {"audit", "constitution", "guardrail", "oversight", "safety", "sandbox", "security"}

changing_words := {"delete", "modify", "override", "restart", "update"}

# What agents are known to do, by domain: the first word behind the dot.
known_verbs := {
	"agent": {"coordinate", "message", "plan", "report"},
	"communication": {"draft", "notify", "send", "summarize"},
	"compute": {"aggregate", "analyze", "calculate", "heavy", "process", "render", "simulate", "standard", "train", "transform"},
	"data": {
		"aggregate",
		"analyze",
		"archive",
		"export",
		"generate",
		"list",
		"load",
		"process",
		"query",
		"read",
		"search",
		"store",
		"transform",
		"update",
		"validate",
		"write",
	},
	"decision": {"explain", "make", "propose", "recommend", "review"},
	"model": {"classify", "complete", "embed", "evaluate", "generate", "infer", "summarize"},
	"network": {"fetch", "read", "request", "resolve"},
	"system": {"backup", "check", "modify", "monitor", "read", "report", "restart", "update"},
	"tool": {"call", "list", "read", "search"},
	"user": {"assist", "message", "notify", "override", "recommend", "survey", "update"},
}

default action := ""

action := lower(trim_space(input.action)) if is_string(input.action)

# Letters of other scripts that look alike would slip past every list.
default plain := false

plain if regex.match(`^[a-z0-9]+[.][a-z0-9]+(_[a-z0-9]+)*$`, action)

parts := split(action, ".")

words := {word | some word in regex.split(`[^a-z0-9]+`, action); word != ""}

default known := false

known if {
	plain
	count(parts) == 2
	some verb in known_verbs[parts[0]]
	verb == split(parts[1], "_")[0]
}

# An administrator may make further actions known, by their whole name.
known if data.acgs.actions[action] == true

dangerous if {
	some named in dangerous_actions
	startswith(action, named)
}

dangerous if count(words & dangerous_words) > 0

dangerous if {
	some part in dangerous_parts
	contains(action, part)
}

dangerous if {
	count(words & changing_words) > 0
	some part in guarding_parts
	contains(action, part)
}

dangerous if {
	count(words & disabling_words) > 0
	count(words & watching_words) > 0
}

# "self_modify" and "modify_self", in any domain.
dangerous if {
	words["self"]
	count(words & {"copy", "improve", "modify", "replicate", "rewrite", "train", "update"}) > 0
}

violations contains sprintf("action %v is dangerous and never allowed", [action]) if dangerous

violations contains sprintf("action %v is not known", [action]) if {
	not dangerous
	not known
}

violations contains "the environment is not sandboxed" if {
	not environment.sandbox_enabled == true
}

violations contains sprintf("the agent's trust level %v is below %v", [agent.trust, trust_min]) if {
	agent.trust < trust_min
}

violations contains sprintf("the usage count exceeds %v", [usage_max]) if {
	not usage_within_limit
}

usage_within_limit if not "current_usage_count" in object.keys(input.context)

usage_within_limit if {
	is_number(input.context.current_usage_count)
	input.context.current_usage_count >= 0
	input.context.current_usage_count <= usage_max
}

violations contains violation if some violation in agent.violations

default score := 0

score := 1 if count(violations) == 0

risk_level := "critical" if {
	dangerous
} else := "high" if {
	count(violations) > 0
} else := "low"

evaluation := {
	"passed": count(violations) == 0,
	"score": score,
	"violations": sort([violation | some violation in violations]),
	"risk_level": risk_level,
}
