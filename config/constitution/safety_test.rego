# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.safety_test

import data.acgs.evaluation.agent
import data.acgs.evaluation.safety
import data.acgs.main_test

request(changes) := object.union(main_test.permitted, changes)

in_context(changes) := request({"context": object.union(main_test.permitted.context, changes)})

test_dangerous_actions_are_refused_whatever_the_score if {
	every action in {
		"system.execute_shell", "SYSTEM.Execute_Shell", " system.execute_shell ",
		"network.bypass_firewall", "data.read_credentials", "agent.modify_self",
		"oversight.disable", "tool.call_shell", "data.update_audit_logs_suppress",
		"user.update_disable_monitoring", "system.update-policy.disable",
	} {
		got := safety.evaluation with input as request({"action": action})
		not got.passed
		got.risk_level == "critical"
	}
}

test_unknown_actions_are_refused if {
	every action in {"data.frobnicate", "teleport.now", "data", "data.read.more", "", "read_public"} {
		not safety.evaluation.passed with input as request({"action": action})
	}
}

test_an_administrator_can_make_an_action_known if {
	safety.evaluation.passed with input as request({"action": "robot.move_arm"}) with data.acgs.actions as {"robot.move_arm": true}
}

test_even_an_administrator_cannot_make_a_dangerous_action_known if {
	not safety.evaluation.passed with input as request({"action": "system.execute_shell"}) with data.acgs.actions as {"system.execute_shell": true}
}

test_a_sandbox_is_needed if {
	every environment in [{}, {"sandbox_enabled": false}, {"sandbox_enabled": "true"}, {"sandbox_enabled": 1}] {
		context := object.union(object.remove(main_test.permitted.context, ["environment"]), {"environment": environment})
		not safety.evaluation.passed with input as object.union(
			object.remove(main_test.permitted, ["context"]),
			{"context": context},
		)
	}
}

test_trust_that_is_no_number_from_0_to_1_is_none if {
	every claimed in [-1, 1.1, "0.9", null, true, {}] {
		agent.trust == 0 with input as in_context({"agent": {"trust_level": claimed}})
	}
}

test_an_attested_fact_outranks_a_claim if {
	named := in_context({"agent": {"agent_id": "a-1", "trust_level": 1}})
	agent.trust == 0.2 with input as named with data.acgs.agents as {"a-1": {"trust_level": 0.2, "status": "active"}}
	not safety.evaluation.passed with input as named with data.acgs.agents as {"a-1": {"trust_level": 0.2, "status": "active"}}
}

test_a_suspended_agent_is_refused if {
	named := in_context({"agent": {"agent_id": "a-1", "trust_level": 1}})
	not safety.evaluation.passed with input as named with data.acgs.agents as {"a-1": {"status": "suspended", "trust_level": 1}}
}

test_a_proved_caller_may_not_act_as_another if {
	forged := object.union(request({"agent_id": "a-2"}), {"caller": {"subject": "a-1", "role": "agent", "method": "token"}})
	not safety.evaluation.passed with input as forged
	agent.id == "a-1" with input as forged
}

test_naming_several_agents_is_refused if {
	not safety.evaluation.passed with input as object.union(
		request({"agent_id": "a-1"}),
		{"context": object.union(main_test.permitted.context, {"agent": {"agent_id": "a-2", "trust_level": 1}})},
	)
}

test_usage_beyond_the_limit_is_refused if {
	safety.evaluation.passed with input as in_context({"current_usage_count": 100})
	every count_ in [101, -1, "5", null] {
		not safety.evaluation.passed with input as in_context({"current_usage_count": count_})
	}
}

test_lookalikes_and_longer_names_are_refused if {
	every action in {
		"data.export_ｐａｓｓｗｏｒｄｓ", "data.export_pаsswords", "data.read_passwd",
		"data.export_api_keys", "tool.call_rm_rf", "tool.call_bash", "system.modify_kernel1",
		"model.evaluate_selfmodify", "data.update_allowlist", "data..read_public", "data.read__public",
	} {
		not safety.evaluation.passed with input as request({"action": action})
	}
}

test_names_that_look_like_anothers_are_refused if {
	every id in {"Mallory", "mallory ", "", "mallory\u200b", 7} {
		not safety.evaluation.passed with input as request({"agent_id": id})
	}
}

test_dangerous_words_within_longer_ones_are_refused if {
	every action in {
		"data.read_passwordfile", "data.read_credentialstore", "system.modify_firewalls",
		"system.modify_sudoers", "model.generate_shellcode", "tool.call_sh",
		"agent.plan_selfmodification", "data.write_iptables", "data.read_private_key",
	} {
		safety.dangerous with input as request({"action": action})
	}
}

test_what_keeps_watch_is_not_changed if {
	every action in {
		"system.modify_oversight", "system.update_security", "system.restart_audit",
		"data.update_auditlog", "data.delete_audit_trail", "system.modify_sandboxing",
	} {
		safety.dangerous with input as request({"action": action})
	}
	every action in {"data.read_audit_report", "system.check_security", "user.update_profile"} {
		safety.known with input as request({"action": action})
		not safety.dangerous with input as request({"action": action})
	}
}
