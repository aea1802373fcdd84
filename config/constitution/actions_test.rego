# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.actions_test

import data.acgs.evaluation.actions
import data.acgs.evaluation.safety
import data.acgs.main_test

proved := {"caller": {"subject": "a-1", "role": "agent", "method": "token"}}

trusted := {"a-1": {"status": "active", "trust_level": 0.9}}

request(action) := object.union(main_test.permitted, {"action": action})

test_dangerous_actions_are_refused_whatever_the_score if {
	every action in {
		"system.execute_shell", "SYSTEM.Execute_Shell", " system.execute_shell ",
		"network.bypass_firewall", "data.read_credentials", "agent.modify_self",
		"oversight.disable", "tool.call_shell", "data.update_audit_logs_suppress",
		"user.update_disable_monitoring", "system.update-policy.disable",
		"tool.call_curl", "data.read_env", "data.read_tokens", "user.override_human",
		"system.modify_human_review_off", "system.modify_oversight", "system.update_security",
	} {
		got := safety.evaluation with input as request(action)
		not got.passed
		got.risk_level == "critical"
	}
}

# Synonyms, other spellings, separators, scripts, lengths and forms: whatever is
# not one of the names is refused, and no list of bad words has to know it.
test_every_other_name_is_refused if {
	every action in {
		"data.frobnicate", "teleport.now", "data", "data.read.more", "", "read_public", ".", "data.", ".read_public",
		"Data.read_public", "DATA.READ_PUBLIC", " data.read_public", "data.read_public ", "data.read_public\n",
		"data.read_public\u0000", "data.read_public\u200b", "data.read-public", "data.read public", "data/read_public",
		"data..read_public", "data.read__public", "data.read_public_", "data.readpublic", "data.read_public.read_public",
		"data.read_public;system.execute_shell", "data.read_public,data.read_internal", "data.read_publiс",
		"ｄata.read_public", "data.read_pub\u017fic", "compute.process_data2", "data.export_ｐａｓｓｗｏｒｄｓ",
		"data.export_pаsswords", "data.read_passwordfile", "model.evaluate_selfmodify", "tool.call_fetch_url",
		"tool.call_python", "tool.call_osascript", "system.modify_firmware", "data.read_vault", "user.override_supervisr",
		"data.export_everything", "system.restart_watchdog", "agent.plan_coup",
	} {
		not safety.evaluation.passed with input as object.union(request(action), proved) with data.acgs.agents as trusted
	}
	long := concat("", ["data.read_", concat("", [sprintf("%d", [n]) | some n in numbers.range(1, 3000)]), "public"])
	got := safety.evaluation with input as request(long)
	not got.passed
	every violation in got.violations {
		count(violation) < 200
	}
}

test_an_action_that_is_no_text_is_refused if {
	every action in [{"name": "data.read_public"}, ["data.read_public"], 7, true] {
		not safety.evaluation.passed with input as object.union(object.remove(main_test.permitted, ["action"]), {"action": action})
	}
}

test_the_first_level_is_open_to_all_and_the_rest_to_the_attested if {
	every action in actions.first_level {
		safety.evaluation.passed with input as request(action)
	}
	every action in actions.catalogue {
		not safety.evaluation.passed with input as request(action)
		safety.evaluation.passed with input as object.union(request(action), proved)
			with data.acgs.agents as trusted
	}
}

endangering(action) if actions.endangers(actions.forms_of(action)) with input as request(action)

test_no_known_action_is_a_dangerous_one if {
	every action in actions.first_level | actions.catalogue {
		not endangering(action)
		not action in actions.dangerous_actions
		actions.well_formed with input as request(action)
	}
	count(actions.first_level & actions.catalogue) == 0
}

test_an_administrator_makes_actions_known_by_their_whole_name if {
	every action in {"robot.move_arm", "data.read_secretary_list"} {
		not safety.evaluation.passed with input as request(action)
		not safety.evaluation.passed with input as request(action)
			with data.acgs.actions as {action: true}
		safety.evaluation.passed with input as object.union(request(action), proved)
			with data.acgs.actions as {action: true}
			with data.acgs.agents as trusted
		safety.evaluation.passed with input as request(action)
			with data.acgs.actions as {action: {"unattested": true}}
		every odd in [null, "true", 1, [], {}] {
			not safety.evaluation.passed with input as object.union(request(action), proved)
				with data.acgs.actions as {action: odd}
				with data.acgs.agents as trusted
		}
	}
}

test_an_administrator_closes_what_the_constitution_knows if {
	got := safety.evaluation with input as request("data.query_database") with data.acgs.actions as {"data.query_database": false}
	got.violations == ["action data.query_database was closed by an administrator"]
}

test_what_is_said_of_an_action_in_no_known_form_closes_it if {
	every odd in ["false", "true", null, 0, 1, []] {
		got := safety.evaluation with input as request("data.read_public") with data.acgs.actions as {"data.read_public": odd}
		got.violations == ["action data.read_public was closed by an administrator"]
	}
	every granted in [true, {}, {"parameters": []}] {
		safety.evaluation.passed with input as request("data.read_public") with data.acgs.actions as {"data.read_public": granted}
	}
}

test_even_an_administrator_cannot_make_a_dangerous_action_known if {
	every action in {
		"system.execute_shell", "tool.call_shell", "tool.call_curl", "data.read_env", "data.read_tokens",
		"system.modify_human_review_off", "user.override_human", "Robot.move_arm", "robot.move arm", "robot.mоve_arm",
		"x.disables_oversight", "x.disabling_audits", "tool.open_shells", "tool.bypassed_review", "ops.grant_superuser",
		"tool.open_sh3ll", "tool.k1ll_monitor", "agent.modify_own_code",
	} {
		not safety.evaluation.passed with input as request(action)
			with data.acgs.actions as {action: {"unattested": true}}
	}
}

# One thing wrong at a time: whoever wants it, and whatever the verb is called.
test_what_guards_is_only_looked_at if {
	every action in {
		"oversight.deactivate", "policy.edit", "net.flush_nftables", "os.run_zsh", "auth.read_creds", "code.patch_self",
		"audit.clear_logs", "constitution.amend", "infra.remove_guard_rails", "x.edit_own_code", "x.reprogram_self",
		"infra.deactivate_oversight", "x.shutdown_monitors", "oversight.neuter", "x.deactivateoversight", "x.neuter_over_sight",
		"policy.frobnicate", "oversight.park", "policy.policy", "constitution.s1mplify", "ops.unplug_watchdog", "ops.blind_loggers", "x.sidestep_safety",
		"x.degrade_selinux", "x.read_disable_audit", "x.show_reset_logs", "net.list_ufw", "data.list_userpasswords", "data.count_cookies",
		"data.show_pass_words", "agent.optimize_itself", "agent.self", "agent.mutate_self", "os.launch_dash", "os.open_fish",
		"hr.dismiss_supervisor", "flow.weaken_reviews", "ops.disable_killswitch", "ops.disable_kill_switch", "ops.remove_killswitches",
		"x.by_pass", "x.jail_break", "x.jailbr3ak", "x.bypassfilter", "ops.elevate", "ops.elevates_role", "x.mal_ware", "x.root_kit",
		"x.key_logger", "x.super_user", "x.im_personate", "x.ex_filtrate", "x.wat_chdog", "x.modified_policies", "policies.edit",
		"x.safe_guard", "x.power_shell", "x.de_escalate", "x.list_allow_list", "net.hijack_session", "x.spoofed_address",
	} {
		got := safety.evaluation with input as request(action)
			with data.acgs.actions as {action: {"unattested": true}}
		got.violations == [sprintf("action %v is dangerous and never allowed", [action])]
	}
	every action in {
		"oversight.show", "policy.list_versions", "audit.read_robot_report", "audit.count_findings", "data.log_event",
		"system.monitor_load", "constitution.explain_article", "x.verify_guard_rails", "user.read_own_profile", "robot.self_test",
		"hr.notify_supervisor", "robot.assist_human", "flow.request_approval", "ui.render_dash", "restaurant.order_fish",
		"ops.read_killswitch", "robot.raise_platform", "ui.place_elevator", "farm.feed_fish", "user.open_profile", "code.edit_file", "insurance.show_policy",
	} {
		safety.evaluation.passed with input as request(action)
			with data.acgs.actions as {action: {"unattested": true}}
	}
}

# What is found in one with its neighbours must mean something.
test_each_joined_word_is_one_of_the_lists if {
	every word in split(actions.joined_words, "|") {
		word in ((actions.credential_words | actions.dangerous_words) | actions.guarded_words)
	}
}

test_what_moves_itself_does_not_change_itself if {
	every action in ["robot.park_itself", "robot.improve_route"] {
		safety.evaluation.passed with input as request(action) with data.acgs.actions as {action: {"unattested": true}}
	}
	every action in ["robot.improve_itself", "robot.clone_self"] {
		not safety.evaluation.passed with input as request(action) with data.acgs.actions as {action: {"unattested": true}}
	}
}

test_a_name_has_an_end if {
	longest := concat("", ["x.", concat("", ["a" | some _ in numbers.range(1, 126)])])
	safety.evaluation.passed with input as request(longest) with data.acgs.actions as {longest: {"unattested": true}}
	longer := concat("", [longest, "a"])
	not safety.evaluation.passed with input as request(longer) with data.acgs.actions as {longer: {"unattested": true}}
}
