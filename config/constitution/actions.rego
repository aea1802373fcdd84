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
# be given. Such names are open, so their words are looked at as well: no
# administrator makes known what touches a credential or runs a shell, nor what
# does anything but look at what guards (oversight, audit, policies, ...) or at
# the agent itself. Words are a fence against mistakes and no proof: what a name
# does not tell is for the administrator who makes it known to see.
package acgs.evaluation.actions

import future.keywords.not

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

default name := ""

name := input.action if is_string(input.action)

# Reasons are stored: what a request brings into one is bounded.
shown := substring(name, 0, 128)

parts := split(name, ".")

words := words_of(shown)

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
	some these in [forms_of(shown)]
	endangers(these)
}

endangers(these) if harmful(these)

endangers(these) if {
	count(these & guarded_words) > 0
	not verb in looking_verbs
}

endangers(these) if {
	count(these & self_words) > 0
	not verb in looking_verbs
	not verb in moving_verbs
}

# What an action does: "test" in "robot.self_test".
verb := [word |
	some word in split(parts[1], "_")
	not word in self_words
][0]
