# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

package acgs.evaluation.access_test

import data.acgs.evaluation.access

# 2024-06-01T00:00:00Z
now := 1717200000000000000

personal := {"type": "data_access", "data_request": {
	"data_fields": [{"name": "email", "classification_level": 2, "category": "personal_identifiable_information"}],
	"requester_clearance_level": 2,
	"data_subjects": ["s-1"],
	"consent_records": [{"subject_id": "s-1", "status": "granted", "allowed_purposes": ["support"], "expiry_time": 1720000000}],
	"purpose": "support",
	"allowed_purposes": ["support"],
	"justified_fields": ["email"],
	"retention_policy": {"personal_identifiable_information": 86400},
	"encryption_config": {
		"email": {"encrypted": true, "algorithm": "AES", "key_length": 256},
		"key_management": {"rotation_enabled": true, "secure_storage": true, "access_controlled": true},
	},
}}

changed(changes) := object.union(personal, {"data_request": object.union(personal.data_request, changes)})

test_access_with_consent_is_allowed if {
	got := access.verdict with input as personal with time.now_ns as now
	got.allow
	got.access_score == 1
	got.reasons == []
	"record_consent_reference" in got.audit_requirements
}

test_consent_runs_out_by_the_nodes_clock if {
	not access.verdict.allow with input as personal with time.now_ns as 1720000001000000000
	not access.verdict.allow with input as changed({"timestamp": 1}) with time.now_ns as 1720000001000000000
}

test_consent_does_not_begin_before_it_was_granted if {
	later := changed({"consent_records": [{
		"subject_id": "s-1", "status": "granted", "allowed_purposes": ["support"],
		"expiry_time": 1720000000, "granted_at": "2024-06-02T00:00:00Z",
	}]})
	not access.verdict.allow with input as later with time.now_ns as now
}

test_every_person_must_have_consented if {
	not access.verdict.allow with input as changed({"data_subjects": ["s-1", "s-2"]}) with time.now_ns as now
	not access.verdict.allow with input as changed({"consent_records": []}) with time.now_ns as now
}

consent(changes) := object.union(personal.data_request.consent_records[0], changes)

test_a_consent_that_was_taken_back_does_not_count if {
	every record in [
		consent({"status": "withdrawn"}), consent({"status": null}), consent({"status": "withdrawn", "allowed_purposes": null}),
		object.remove(consent({}), ["status"]), consent({"revoked": true}), consent({"withdrawn_at": "2024-05-01T00:00:00Z"}),
	] {
		alone := changed({"consent_records": [record]})
		not access.verdict.allow with input as alone with time.now_ns as now
		beside := changed({"consent_records": [consent({}), record]})
		not access.verdict.allow with input as beside with time.now_ns as now
	}
	every record in [
		consent({"status": "withdrawn", "subject_id": "s-2"}), consent({"status": "withdrawn", "allowed_purposes": ["marketing"]}),
		consent({"status": "expired"}), consent({"revoked_at": null, "withdrawn": false}),
	] {
		access.verdict.allow with input as changed({"consent_records": [consent({}), record]}) with time.now_ns as now
	}
}

test_a_consent_runs_out_in_seconds if {
	every expiry in [1717000000000, 1e300, "1720000000", true] {
		late := changed({"consent_records": [consent({"expiry_time": expiry})]})
		not access.verdict.allow with input as late with time.now_ns as now
	}
}

test_a_consent_begins_at_a_time if {
	every begin in [false, null, 0, "", "yesterday"] {
		odd := changed({"consent_records": [consent({"granted_at": begin})]})
		not access.verdict.allow with input as odd with time.now_ns as now
	}
}

test_the_length_of_a_key_is_a_number if {
	every length in ["40", "256", [], {}, true, null] {
		odd := changed({"encryption_config": {
			"email": {"encrypted": true, "algorithm": "AES", "key_length": length},
			"key_management": {"rotation_enabled": true, "secure_storage": true, "access_controlled": true},
		}})
		not access.verdict.allow with input as odd with time.now_ns as now
	}
}

test_a_request_for_data_that_brings_a_query_is_refused if {
	every brought in [{"query": "select *"}, {"sql": "x"}, {"data_fields": [{"name": "public_info", "category": "public", "command": "id"}]}] {
		got := access.verdict with input as changed(brought) with time.now_ns as now
		not got.allow
		some reason in got.reasons
		endswith(reason, "is not known")
	}
}

test_what_nobody_has_weighed_in_a_request_for_data_refuses_it if {
	every name in ["fields", "columns", "rows", "Data_Fields", "record_Count", "", "limit"] {
		every value in [["ssn"], "*", 7, null, false] {
			got := access.verdict with input as changed({name: value}) with time.now_ns as now
			not got.allow
			got.reasons == [sprintf("data_request.%v is not known", [name])]
		}
	}
	field := object.union(personal.data_request.data_fields[0], {"columns": ["ssn"]})
	got := access.verdict with input as changed({"data_fields": [field]}) with time.now_ns as now
	got.reasons == ["data_request.data_fields.0.columns is not known"]
}

test_consent_to_another_purpose_does_not_count if {
	other := changed({"purpose": "marketing", "allowed_purposes": ["marketing"]})
	not access.verdict.allow with input as other with time.now_ns as now
}

test_each_violation_refuses if {
	every change in [
		{"data_fields": []},
		{"data_fields": [{"name": "email", "classification_level": "0", "category": "public"}]},
		{"requester_clearance_level": 1},
		{"requester_clearance_level": "4"},
		{"purpose": "curiosity"},
		{"justified_fields": []},
		{"retention_policy": {"personal_identifiable_information": 31536001}},
		{"retention_policy": {"personal_identifiable_information": "a day"}},
		{"encryption_config": {"email": {"encrypted": true, "algorithm": "DES", "key_length": 56}}},
		{"encryption_config": {"email": {"encrypted": "true"}}},
		{"automated_request": true, "record_count": 100000},
		{"automated_request": true, "record_count": -5000},
		{"automated_request": true, "record_count": false},
	] {
		not access.verdict.allow with input as changed(change) with time.now_ns as now
	}
}

test_personal_data_of_nobody_named_comes_with_conditions if {
	got := access.verdict with input as changed({"data_subjects": []}) with time.now_ns as now
	"aggregate_or_pseudonymised_output_only" in got.access_conditions
}

test_a_neglected_duty_of_key_management_is_a_condition if {
	got := access.verdict with input as changed({"encryption_config": object.union(
		personal.data_request.encryption_config,
		{"key_management": {"access_controlled": false}},
	)})
		with time.now_ns as now
	got.allow
	"key_management:access_controlled" in got.access_conditions
}

test_the_weights_add_up if {
	sum([weight | some weight in access.weights]) == 1
}

test_fields_that_do_not_say_what_they_are_are_refused if {
	every field in [
		{"classification_level": 0, "category": "public"},
		{"name": "x", "classification_level": 0},
		{"name": 7, "category": "public", "classification_level": 0},
		"email", null,
	] {
		not access.verdict.allow with input as changed({"data_fields": [field]}) with time.now_ns as now
	}
}

test_a_list_of_purposes_of_another_form_allows_nothing if {
	every purposes in [null, "support", 7, {}] {
		not access.verdict.allow with input as changed({"allowed_purposes": purposes}) with time.now_ns as now
	}
}

test_a_category_that_is_not_known_is_refused if {
	every category in {"Health_Information", "health information", "pii", ""} {
		fields := [{"name": "email", "classification_level": 0, "category": category}]
		not access.verdict.allow with input as changed({"data_fields": fields}) with time.now_ns as now
	}
}

proved := {"caller": {"subject": "a-1", "role": "agent", "method": "token"}}

test_attested_clearance_outranks_the_claimed_one if {
	named := object.union(personal, proved)
	access.verdict.allow with input as named with time.now_ns as now
		with data.acgs.agents as {"a-1": {"status": "active"}}
	not access.verdict.allow with input as named with time.now_ns as now
		with data.acgs.agents as {"a-1": {"status": "active", "clearance_level": 1}}
	access.verdict.allow with input as object.union(changed({"requester_clearance_level": 0}), proved)
		with time.now_ns as now
		with data.acgs.agents as {"a-1": {"status": "active", "clearance_level": 2}}
}

secret := changed({
	"data_fields": [{"name": "email", "classification_level": 3, "category": "personal_identifiable_information"}],
	"requester_clearance_level": 4,
	"special_authorization": true,
})

test_a_claim_reaches_level_2_and_no_further if {
	not access.verdict.allow with input as secret with time.now_ns as now
	access.clearance == 2 with input as secret
	access.clearance == 0 with input as secret with data.acgs.mode.strict as true
	every odd in [-1, "4", null, true, [4]] {
		access.clearance == 0 with input as changed({"requester_clearance_level": odd})
	}
}

test_clearance_and_authorization_of_an_attested_agent_go_further if {
	cleared := {"status": "active", "clearance_level": 3}
	authorized := object.union(cleared, {"special_authorization": true})
	asked := object.union(secret, proved)
	not access.verdict.allow with input as asked with time.now_ns as now with data.acgs.agents as {"a-1": cleared}
	access.verdict.allow with input as asked with time.now_ns as now with data.acgs.agents as {"a-1": authorized}
	posing := object.union(secret, {"agent_id": "a-1"})
	not access.verdict.allow with input as posing with time.now_ns as now with data.acgs.agents as {"a-1": authorized}
}

public(name, level, category) := {"type": "data_access", "data_request": object.union(
	object.remove(personal.data_request, ["encryption_config"]),
	{
		"data_fields": [{"name": name, "classification_level": level, "category": category}],
		"justified_fields": [name],
		"requester_clearance_level": 0,
	},
)}

test_that_data_is_public_is_not_for_the_requester_to_say if {
	access.verdict.allow with input as public("public_info", 0, "public") with time.now_ns as now
	every name in ["user_ssn", "email", "public", "Public_info", "public_info "] {
		not access.verdict.allow with input as public(name, 0, "public") with time.now_ns as now
	}
	weather := {"weather": {"classification_level": 0, "category": "public"}}
	access.verdict.allow with input as public("weather", 0, "public")
		with time.now_ns as now
		with data.acgs.data_fields as weather
	every record in [true, null, {}, {"classification_level": 0}, {"classification_level": "0", "category": "public"}] {
		not access.verdict.allow with input as public("weather", 0, "public")
			with time.now_ns as now
			with data.acgs.data_fields as {"weather": record}
	}
}

test_a_claim_makes_data_more_sensitive_and_never_less if {
	field := {"name": "email", "classification_level": 0, "category": "contact"}
	access.level(field) == 2
	access.level(object.union(field, {"classification_level": 3})) == 3
	access.level(field) == 4
		with input as public("email", 0, "contact")
		with data.acgs.data_fields as {"email": {"classification_level": 4, "category": "contact"}}
	access.level("email") == 4
	not access.verdict.allow with input as public("email", 0, "analytics")
		with time.now_ns as now
		with data.acgs.data_fields as {"email": {"classification_level": 0, "category": "contact"}}
}

test_attested_purposes_outrank_those_that_the_request_brings if {
	asked := object.union(personal, proved)
	access.verdict.allow with input as asked with time.now_ns as now
		with data.acgs.agents as {"a-1": {"status": "active", "allowed_purposes": ["support"]}}
	every purposes in [[], ["billing"], null, "support"] {
		not access.verdict.allow with input as asked with time.now_ns as now
			with data.acgs.agents as {"a-1": {"status": "active", "allowed_purposes": purposes}}
	}
}

test_attested_purposes_hold_back_who_merely_names_the_agent if {
	posing := object.union(personal, {"agent_id": "a-1"})
	access.verdict.allow with input as posing with time.now_ns as now
		with data.acgs.agents as {"a-1": {"status": "active", "allowed_purposes": ["support"]}}
	every purposes in [[], ["billing"], null, "support"] {
		not access.verdict.allow with input as posing with time.now_ns as now
			with data.acgs.agents as {"a-1": {"status": "active", "allowed_purposes": purposes}}
	}
}

test_what_is_attested_of_a_field_in_no_known_form_refuses_it if {
	every record in [
		7, "public", null, false, [], {}, {"classification_level": "4", "category": "public"},
		{"classification_level": -1, "category": "public"}, {"classification_level": 5, "category": "public"},
		{"classification_level": 4}, {"classification_level": 4, "category": "publik"},
	] {
		got := access.verdict with input as public("public_info", 0, "public")
			with time.now_ns as now
			with data.acgs.data_fields as {"public_info": record}
		not got.allow
		"what is attested of public_info has no known form" in got.evaluation_details.classification.violations
	}
}

test_a_score_of_nothing_is_written_as_a_number if {
	got := access.verdict with input as {"type": "data_access", "data_request": {}} with time.now_ns as now
	every reason in got.reasons {
		not contains(reason, "%!")
	}
}

given := personal.data_request.consent_records[0]

test_a_withdrawal_of_everything_takes_back_this_purpose if {
	every purposes in [[], ["*"], ["all"], [""], "support", null] {
		taken := {"subject_id": "s-1", "status": "withdrawn", "allowed_purposes": purposes}
		not access.verdict.allow with input as changed({"consent_records": [given, taken]}) with time.now_ns as now
	}
	other := {"subject_id": "s-1", "status": "withdrawn", "allowed_purposes": ["marketing"]}
	access.verdict.allow with input as changed({"consent_records": [given, other]}) with time.now_ns as now
}

test_a_consent_says_nothing_that_is_not_weighed if {
	every name in ["revokedAt", "is_revoked", "cancelled", "active", "valid_until", "denied_purposes", "starts_at"] {
		record := object.union(given, {name: true})
		not access.verdict.allow with input as changed({"consent_records": [record]}) with time.now_ns as now
	}
	record := object.union(given, {"consent_type": "explicit", "granted_at": "2024-01-01T00:00:00Z"})
	access.verdict.allow with input as changed({"consent_records": [record]}) with time.now_ns as now
}

test_consents_of_persons_that_nobody_names_are_refused if {
	not access.verdict.allow with input as changed({"data_subjects": []}) with time.now_ns as now
	got := access.verdict with input as changed({"data_subjects": [], "consent_records": []}) with time.now_ns as now
	got.access_conditions[0] == "aggregate_or_pseudonymised_output_only"
}

test_a_purpose_that_says_nothing_is_none if {
	every blank in ["", " ", "\u200b", "--"] {
		empty := {"purpose": blank, "allowed_purposes": [blank], "consent_records": [object.union(given, {"allowed_purposes": [blank]})]}
		got := access.verdict with input as changed(empty) with time.now_ns as now
		"no purpose is stated" in got.reasons
	}
}

test_encryption_that_proves_nothing_of_its_text_is_weak if {
	every mode in ["ECB", "CBC", "", 7] {
		weak := {"encryption_config": {"email": {"mode": mode}}}
		not access.verdict.allow with input as changed(weak) with time.now_ns as now
	}
	access.verdict.allow with input as changed({"encryption_config": {"email": {"mode": "gcm"}}}) with time.now_ns as now
}
