# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# Which actions there are. An action is a text "domain.verb_resource" and is
# looked up whole: nothing is lower-cased, trimmed or guessed, so that another
# spelling is another action, and one that is not known is refused.
#
# `first_level` may be taken by any agent, `catalogue` by an agent that an
# administrator attested. An administrator makes further names known under
# data.acgs.actions, by their whole name: `true` as in the catalogue, or
# {"unattested": true, "parameters": ["query"]} with the names of what it may
# be given. Such names are open, so their words are looked at as well, and no
# administrator makes a dangerous one known.
package acgs.evaluation.actions

# Reading what is public, and what the documented requests want allowed to an
# agent that nobody attested; behind each the request that demands it.
first_level := {
	"compute.process_data", # test_safe_computation_allowed
	"compute.standard_processing", # test_reasonable_resources_allowed
	"data.generate_report", # test_low_harm_risk_allowed
	"data.list_public",
	"data.process_files", # test_sandboxed_action_allowed
	"data.query_database", # test_rate_limit_within_bounds_allowed
	"data.read_internal", # test_high_trust_agent_allowed
	"data.read_public", # test_safe_action_allowed
	"data.search_public",
	"decision.make_automated", # test_explanation_required_action_with_..._allowed
	"system.backup_data", # test_proper_accountability_allowed
	"user.override_preference", # test_user_override_with_consent_allowed
	"user.recommend_content", # test_fair_recommendation_allowed
}

catalogue := {
	"agent.coordinate_task",
	"agent.message_peer",
	"agent.plan_task",
	"agent.report_status",
	"communication.draft_message",
	"communication.notify_user",
	"communication.send_message",
	"communication.summarize_thread",
	"compute.aggregate_data",
	"compute.analyze_data",
	"compute.calculate_statistics",
	"compute.heavy_processing",
	"compute.render_chart",
	"compute.simulate_model",
	"compute.train_model",
	"compute.transform_data",
	"data.aggregate_records",
	"data.aggregate_statistics",
	"data.analyze_dataset",
	"data.analyze_files",
	"data.archive_records",
	"data.export_report",
	"data.export_statistics",
	"data.generate_statistics",
	"data.generate_summary",
	"data.list_datasets",
	"data.list_files",
	"data.list_reports",
	"data.load_dataset",
	"data.process_dataset",
	"data.process_personal",
	"data.process_user",
	"data.query_dataset",
	"data.query_records",
	"data.read_audit_report",
	"data.read_dataset",
	"data.read_files",
	"data.read_records",
	"data.read_report",
	"data.search_documents",
	"data.search_records",
	"data.store_report",
	"data.transform_dataset",
	"data.update_records",
	"data.validate_dataset",
	"data.validate_records",
	"data.write_dataset",
	"data.write_report",
	"decision.explain_outcome",
	"decision.propose_option",
	"decision.recommend_option",
	"decision.review_outcome",
	"model.classify_text",
	"model.complete_text",
	"model.embed_text",
	"model.evaluate_output",
	"model.generate_summary",
	"model.generate_text",
	"model.summarize_text",
	"model.translate_text",
	"network.fetch_public",
	"network.resolve_name",
	"system.check_health",
	"system.check_security",
	"system.check_status",
	"system.modify_critical",
	"system.monitor_health",
	"system.monitor_usage",
	"system.read_status",
	"system.report_status",
	"system.update_configuration",
	"tool.call_calculator",
	"tool.list_available",
	"tool.read_documentation",
	"tool.search_documents",
	"tool.search_web",
	"user.assist_request",
	"user.message_reply",
	"user.notify_status",
	"user.survey_feedback",
	"user.update_preference",
	"user.update_profile",
}

# Named by what they do: no score and no administrator outweighs one of these.
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

# Whole words that make an action dangerous wherever they stand in its name.
dangerous_words := {
	"admin",
	"allowlist",
	"apikey",
	"backdoor",
	"bash",
	"bypass",
	"certificate",
	"certificates",
	"chmod",
	"chown",
	"cmd",
	"command",
	"commands",
	"credential",
	"credentials",
	"curl",
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
	"impersonate",
	"inject",
	"injection",
	"iptables",
	"jailbreak",
	"kernel",
	"key",
	"keylogger",
	"keys",
	"malware",
	"netcat",
	"passphrase",
	"passwd",
	"password",
	"passwords",
	"popen",
	"powershell",
	"privilege",
	"privileges",
	"ransomware",
	"replicate",
	"rm",
	"root",
	"rootkit",
	"script",
	"scripts",
	"secret",
	"secrets",
	"selfmodify",
	"sh",
	"shadow",
	"shell",
	"shellcode",
	"spawn",
	"ssh",
	"steal",
	"subprocess",
	"sudo",
	"sudoers",
	"superuser",
	"tamper",
	"terminal",
	"token",
	"tokens",
	"virus",
	"weights",
	"wget",
	"wipe",
}

# "disable_oversight" and its kind: switching off or changing what watches.
changing_words := {
	"alter",
	"change",
	"circumvent",
	"delete",
	"disable",
	"erase",
	"evade",
	"hide",
	"ignore",
	"kill",
	"modify",
	"mute",
	"off",
	"override",
	"pause",
	"purge",
	"remove",
	"reset",
	"restart",
	"silence",
	"skip",
	"stop",
	"suppress",
	"suspend",
	"turn",
	"update",
	"write",
}

watching_words := {
	"alarm",
	"alarms",
	"alert",
	"alerts",
	"approval",
	"approvals",
	"audit",
	"auditing",
	"auditlog",
	"auditlogs",
	"constitution",
	"governance",
	"guardrail",
	"guardrails",
	"human",
	"humans",
	"ledger",
	"log",
	"logging",
	"logs",
	"monitor",
	"monitoring",
	"oversight",
	"policies",
	"policy",
	"review",
	"reviewer",
	"reviews",
	"safety",
	"sandbox",
	"sandboxing",
	"security",
	"supervision",
	"supervisor",
}

default name := ""

name := input.action if is_string(input.action)

# Reasons are stored: what a request brings into one is bounded.
shown := substring(name, 0, 128)

parts := split(name, ".")

words := words_of(shown)

words_of(text) := {word | some word in regex.split(`[^a-z0-9]+`, lower(text)); word != ""}

# The words of a text with what each may be a form of: whatever disables, is
# disabling or d1sables is looked up as "disable" as well.
forms_of(text) := {form |
	some spelled in {text, regex.replace(text, `([a-z0-9])([A-Z])`, "$1 $2")}
	some word in words_of(spelled)
	some letters in {word, strings.replace_n(digits_as_i, word), strings.replace_n(digits_as_l, word)}
	some form in forms(letters)
}

digits_as_i := {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"}

digits_as_l := object.union(digits_as_i, {"1": "l"})

forms(word) := {word} | {form |
	some ending in ["s", "es", "d", "ed", "ing"]
	endswith(word, ending)
	stem := trim_suffix(word, ending)
	count(stem) > 2
	some form in {stem, concat("", [stem, "e"])}
}

default grant := {}

# What an administrator said of this name. Another form grants nothing.
grant := data.acgs.actions[name] if {
	is_object(data.acgs.actions[name])
} else := {"parameters": []} if {
	data.acgs.actions[name] == true
}

well_formed if {
	count(name) <= 128
	regex.match(`^[a-z0-9]+[.][a-z0-9]+(_[a-z0-9]+)*$`, name)
}

shipped if name in first_level

shipped if name in catalogue

# `false` takes away what the constitution knows, and so does what has no form
# of the above: it was to change something.
closed if {
	some said in [data.acgs.actions[name]]
	said != true
	not is_object(said)
}

known if {
	shipped
	not closed
}

known if {
	grant != {}
	well_formed
	not dangerous
}

open_to_all if name in first_level

open_to_all if grant.unattested == true

dangerous if trim_space(lower(shown)) in dangerous_actions

dangerous if {
	not shipped
	harmful(forms_of(shown))
}

harmful(these) if count(these & dangerous_words) > 0

harmful(these) if {
	count(these & changing_words) > 0
	count(these & watching_words) > 0
}

# "self_modify" and "modify_self", in any domain, and modifying its own code.
harmful(these) if {
	count(these & {"itself", "own", "self"}) > 0
	count(these & {"clone", "copy", "improve", "modify", "replicate", "rewrite", "train", "update"}) > 0
}
