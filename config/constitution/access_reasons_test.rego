# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# One thing wrong at a time: each refuses by itself, for the reason named.
package acgs.evaluation.access_reasons_test

import data.acgs.evaluation.access
import data.acgs.evaluation.access_test

now := access_test.now

personal := access_test.personal

given := personal.data_request.consent_records[0]

changed(changes) := access_test.changed(changes)

# A request with other members in whole, not merged with those of `personal`.
replaced(members) := object.union(object.remove(personal, ["data_request"]), {"data_request": object.union(
	object.remove(personal.data_request, object.keys(members)),
	members,
)})

broken(got) := {part: detail.violations |
	some part, detail in got.evaluation_details
	count(detail.violations) > 0
}

email(changes) := object.union(personal.data_request.data_fields[0], changes)

expected := [
	[{"data_fields": []}, {"classification": ["data_fields names no field"]}],
	[{"data_fields": [object.remove(email({}), ["name"])]}, {"classification": ["every data field needs a name and a category"]}],
	[{"requester_clearance_level": 1}, {"classification": ["clearance 1 does not reach email of level 2"]}],
	[
		{"data_fields": [email({"classification_level": 3})]},
		{"classification": ["clearance 2 does not reach email of level 3", "email of level 3 needs special authorization"]},
	],
	[{"data_fields": [email({"category": "settings"})]}, {"classification": ["nobody attested that email is of category settings and no personal data"]}],
	[{"consent_records": [object.union(given, {"status": "expired"})]}, {"consent": ["s-1 has not consented to support"]}],
	[{"consent_records": [object.union(given, {"subject_id": "s-2"})]}, {"consent": ["s-1 has not consented to support"]}],
	[{"consent_records": [object.union(given, {"allowed_purposes": ["sales"]})]}, {"consent": ["s-1 has not consented to support"]}],
	[{"consent_records": [object.union(given, {"expiry_time": 1717200000})]}, {"consent": ["s-1 has not consented to support"]}],
	[{"data_subjects": ["s-1", "s-2"]}, {"consent": ["s-2 has not consented to support"]}],
	[{"allowed_purposes": ["billing"]}, {"purpose": ["purpose support is not an allowed one"]}],
	[{"justified_fields": []}, {"minimisation": ["email is not justified by the purpose"]}],
	[{"record_count": 1001}, {"minimisation": ["the request asks for personal data in bulk: more than 1000 records"]}],
	[{"record_count": 1000000000, "automated_request": false}, {"minimisation": ["the request asks for personal data in bulk: more than 1000 records"]}],
	[{"record_count": "few"}, {"minimisation": ["the request asks for personal data in bulk: more than 1000 records"]}],
	[{"record_count": -1}, {"minimisation": ["the request asks for personal data in bulk: more than 1000 records"]}],
	[{"retention_policy": {}}, {"retention": ["there is no retention policy for personal_identifiable_information"]}],
	[
		{"retention_policy": {"personal_identifiable_information": 7776001}},
		{"retention": ["personal_identifiable_information may be kept for 7776000 seconds at most"]},
	],
	[
		{"retention_policy": {"personal_identifiable_information": -1}},
		{"retention": ["personal_identifiable_information may be kept for 7776000 seconds at most"]},
	],
]

test_each_thing_wrong_is_the_reason if {
	every row in expected {
		[members, wrong] := row
		got := access.verdict with input as replaced(members) with time.now_ns as now
		not got.allow
		broken(got) == wrong
		every reason in {reason | some reasons in wrong; some reason in reasons} {
			reason in got.reasons
		}
		every part, _ in wrong {
			got.evaluation_details[part].score == 0
			not got.evaluation_details[part].passed
		}
	}
}

test_what_is_just_right_is_allowed if {
	every members in [
		{"record_count": 1000, "automated_request": true},
		{"retention_policy": {"personal_identifiable_information": 7776000}},
		{"retention_policy": {"personal_identifiable_information": 0}},
		{"consent_records": [object.union(given, {"expiry_time": 1717200001})]},
		{"data_fields": [email({"classification_level": 0})]},
	] {
		got := access.verdict with input as replaced(members) with time.now_ns as now
		got.allow
		broken(got) == {}
	}
}

test_lists_in_another_form_are_named if {
	odd := access.verdict with input as replaced({"data_fields": "email"}) with time.now_ns as now
	"data_fields is not a list" in odd.evaluation_details.classification.violations
	nobody := access.verdict with input as replaced({"data_subjects": "s-1"}) with time.now_ns as now
	"data_subjects is not a list" in nobody.evaluation_details.consent.violations
}

encrypted(how) := replaced({"encryption_config": object.union(personal.data_request.encryption_config, how)})

managed(keys) := replaced({"encryption_config": object.union(
	object.remove(personal.data_request.encryption_config, ["key_management"]),
	{"key_management": keys},
)})

test_encryption_is_strong_where_data_is_sensitive if {
	every how in [{"encrypted": false}, {"encrypted": "true"}, {"key_length": 255}, {"algorithm": "DES"}, {"mode": "ECB"}] {
		got := access.verdict with input as encrypted({"email": how}) with time.now_ns as now
		broken(got) == {"encryption": ["email of level 2 is not encrypted strongly enough"]}
		not got.allow
	}
	every algorithm, length in access.strong {
		every mode in access.authenticated_modes {
			how := {"algorithm": lower(algorithm), "key_length": length, "mode": lower(mode)}
			access.verdict.allow with input as encrypted({"email": how}) with time.now_ns as now
		}
	}
	object.keys(access.strong) == {"AES", "AES-256", "AES-256-GCM", "CHACHA20", "CHACHA20-POLY1305"}
	count(access.authenticated_modes & {"ECB", "CBC", "CTR", "CFB", "OFB"}) == 0
}

test_keys_are_managed_where_data_is_sensitive if {
	two := access.verdict with input as managed({"rotation_enabled": true}) with time.now_ns as now
	not two.allow
	broken(two) == {"encryption": ["the keys are not managed: no rotation, storage and access control"]}
	one := access.verdict with input as managed({"rotation_enabled": true, "secure_storage": true, "access_controlled": "yes"})
		with time.now_ns as now
	one.allow
	one.evaluation_details.encryption.score == 0.8
	one.access_conditions == ["delete_after_retention_period", "encrypted_transport_only", "key_management:access_controlled"]
	public := access.verdict with input as access_test.public("public_info", 0, "public") with time.now_ns as now
	public.evaluation_details.encryption == {"passed": true, "score": 1, "violations": []}
	careless := object.union(
		access_test.public("public_info", 0, "public"),
		{"data_request": {"encryption_config": {"key_management": {"rotation_enabled": true, "secure_storage": true}}}},
	)
	unencrypted := access.verdict with input as careless with time.now_ns as now
	unencrypted.access_score == 1
	unencrypted.access_conditions == []
}

test_conditions_and_duties_are_all_named if {
	got := access.verdict with input as personal with time.now_ns as now
	got.access_conditions == ["delete_after_retention_period", "encrypted_transport_only"]
	got.conditions == got.access_conditions
	got.compliance_score == got.access_score
	got.audit_requirements == ["log_all_data_access", "record_consent_reference"]
	public := access.verdict with input as access_test.public("public_info", 0, "public") with time.now_ns as now
	public.access_conditions == []
	public.audit_requirements == ["log_all_data_access"]
	nobody := access.verdict with input as changed({"data_subjects": []}) with time.now_ns as now
	nobody.audit_requirements == ["log_all_data_access"]
	bulk := access.verdict with input as changed({"record_count": 5000}) with time.now_ns as now
	bulk.audit_requirements == ["flag_bulk_access", "log_all_data_access", "notify_data_protection_officer", "record_consent_reference"]
}

fields(count_) := [email({"name": sprintf("email_%d", [n])}) | some n in numbers.range(1, count_)]

test_many_fields_are_flagged_as_bulk if {
	eleven := access.audit_requirements with input as changed({"data_fields": fields(11)}) with time.now_ns as now
	"flag_bulk_access" in eleven
	ten := access.audit_requirements with input as changed({"data_fields": fields(10)}) with time.now_ns as now
	not "flag_bulk_access" in ten
}

test_data_that_is_nobodys_comes_in_any_amount if {
	every each in [["public_info", "public"], ["public_metrics", "analytics"]] {
		[name, category] := each
		public := access_test.public(name, 0, category)
		many := object.union(public, {"data_request": {"record_count": 1000000000, "data_subjects": [], "consent_records": []}})
		got := access.verdict with input as many with time.now_ns as now
		got.allow
		got.access_score == 1
		nobody_asked := object.union(public, {"data_request": {"data_subjects": ["s-9"], "consent_records": []}})
		access.verdict.allow with input as nobody_asked with time.now_ns as now
	}
	usage := object.union(access_test.public("usage_analytics", 1, "analytics"), {"data_request": {"requester_clearance_level": 1}})
	access.verdict.allow with input as usage with time.now_ns as now
}

authorized := {"a-1": {"status": "active", "clearance_level": 3, "special_authorization": true}}

unnamed := object.union(
	object.union(
		object.remove(personal, ["data_request"]),
		{"data_request": object.remove(personal.data_request, ["data_subjects", "consent_records"])},
	),
	access_test.proved,
)

counted(count_) := object.union(unnamed, {"data_request": {"record_count": count_}})

authorization := "personal data of persons whom data_subjects does not name needs special authorization"

amount := "record_count does not say of how much data of persons who are not named"

test_leaving_the_persons_out_opens_nothing if {
	got := access.verdict with input as unnamed with time.now_ns as now
	not got.allow
	got.reasons == [authorization, amount]
	got.evaluation_details.consent.passed == false
	every category in access.personal_categories {
		field := email({"category": category})
		asked := object.union(counted(1), {"data_request": {"data_fields": [field], "requester_clearance_level": 2}})
		other := access.verdict with input as asked with time.now_ns as now
		authorization in other.reasons
	}
}

test_an_authorized_agent_gets_data_of_nobody_named_in_a_known_amount if {
	got := access.verdict with input as counted(1000) with time.now_ns as now with data.acgs.agents as authorized
	got.allow
	got.evaluation_details.consent.score == 0.7
	got.access_conditions[0] == "aggregate_or_pseudonymised_output_only"
	unstated := access.verdict with input as unnamed with time.now_ns as now with data.acgs.agents as authorized
	unstated.reasons == [amount]
	bulk := access.verdict with input as counted(1001) with time.now_ns as now with data.acgs.agents as authorized
	broken(bulk) == {"minimisation": ["the request asks for personal data in bulk: more than 1000 records"]}
	told := object.union(counted(10), {"data_request": {"consent_records": [given]}})
	of_others := access.verdict with input as told with time.now_ns as now with data.acgs.agents as authorized
	of_others.reasons == ["consent_records tell of persons whom data_subjects does not name"]
	posing := object.union(object.remove(counted(10), ["caller"]), {"agent_id": "a-1"})
	held := access.verdict with input as posing with time.now_ns as now with data.acgs.agents as authorized
	held.reasons == [authorization]
}

test_strict_mode_wants_a_higher_score if {
	got := access.verdict with input as counted(10) with time.now_ns as now
		with data.acgs.agents as authorized
		with data.acgs.mode.strict as true
	not got.allow
	got.reasons == ["the access score 0.925 is below 0.98"]
	proved := object.union(personal, access_test.proved)
	access.verdict.allow with input as proved with time.now_ns as now
		with data.acgs.agents as authorized
		with data.acgs.mode.strict as true
}

test_the_most_sensitive_is_looked_at_soon if {
	fields_ := [email({"classification_level": 3})]
	asked := object.union(changed({"data_fields": fields_}), access_test.proved)
	got := access.verdict with input as asked with time.now_ns as now with data.acgs.agents as authorized
	got.allow
	"review_within_24_hours" in got.audit_requirements
	cleared := {"a-1": {"status": "active", "clearance_level": 3}}
	without := access.verdict with input as asked with time.now_ns as now with data.acgs.agents as cleared
	broken(without) == {"classification": ["email of level 3 needs special authorization"]}
	uncleared := {"a-1": {"status": "active", "clearance_level": 2, "special_authorization": true}}
	low := access.verdict with input as asked with time.now_ns as now with data.acgs.agents as uncleared
	broken(low) == {"classification": ["clearance 2 does not reach email of level 3"]}
}

test_an_attested_clearance_is_a_number if {
	every odd in ["4", "high", [4], {}, null, true, -1] {
		got := access.verdict with input as object.union(personal, access_test.proved) with time.now_ns as now
			with data.acgs.agents as {"a-1": {"status": "active", "clearance_level": odd}}
		broken(got) == {"classification": ["clearance 0 does not reach email of level 2"]}
	}
}

test_agents_that_are_not_active_get_nothing if {
	got := access.verdict with input as object.union(personal, {"agent_id": "a-1"}) with time.now_ns as now
		with data.acgs.agents as {"a-1": {"status": "suspended", "clearance_level": 2}}
	not got.allow
	got.reasons == ["agent a-1 is not active but suspended"]
	forged := access.verdict with input as object.union(changed({"requester_id": "a-2"}), access_test.proved) with time.now_ns as now
	forged.reasons == ["the caller is a-1 and may not act as a-2"]
}

test_a_name_is_that_of_one if {
	every name in ["*", "", "%", "e*", "all", "user.all", "any_field", "EVERYTHING", "email,phone", "email phone", "\u3164", "émail", ".email"] {
		many := replaced({
			"data_fields": [email({"name": name})], "justified_fields": [name],
			"encryption_config": {name: {"encrypted": true, "algorithm": "AES", "key_length": 256}, "key_management": personal.data_request.encryption_config.key_management},
		})
		got := access.verdict with input as many with time.now_ns as now
		broken(got) == {"classification": [sprintf("%v does not name one field", [name])]}
		attested := {name: {"category": "personal_identifiable_information", "classification_level": 2}}
		access.verdict.allow with input as many with time.now_ns as now with data.acgs.data_fields as attested
	}
	every subject in ["*", "everybody", "user-*", "all", "", "all users"] {
		consents := [object.union(given, {"subject_id": subject})]
		got := access.verdict with input as replaced({"data_subjects": [subject], "consent_records": consents}) with time.now_ns as now
		broken(got) == {"consent": [sprintf("%v does not name one person", [subject])]}
	}
	every subject in ["pat@example.com", "user:123", "6fa459ea-ee8a-3ca4-894e-db77e160355e", "Allan"] {
		consents := [object.union(given, {"subject_id": subject})]
		access.verdict.allow with input as replaced({"data_subjects": [subject], "consent_records": consents}) with time.now_ns as now
	}
}

test_a_claimed_category_is_the_attested_one if {
	policy := {"personal_identifiable_information": 86400, "contact": 86400}
	asked := changed({"retention_policy": policy})
	got := access.verdict with input as asked with time.now_ns as now
		with data.acgs.data_fields as {"email": {"category": "contact", "classification_level": 2}}
	broken(got) == {"classification": ["email is of category contact and not personal_identifiable_information"]}
}

test_a_category_is_never_less_than_this if {
	access.level_min == {
		"analytics": 1, "authentication_credentials": 3, "biometric_data": 3, "confidential": 3, "contact": 2,
		"financial_information": 2, "health_information": 3, "identifier": 1, "internal": 1, "location_data": 2,
		"personal_identifiable_information": 2, "public": 1, "settings": 1,
	}
	access.personal_categories == {
		"authentication_credentials", "biometric_data", "contact", "financial_information", "health_information",
		"location_data", "personal_identifiable_information",
	}
	every category, level in access.level_min {
		access.level({"name": "x", "classification_level": 0, "category": category}) == level
		access.level({"name": "x", "classification_level": 4, "category": category}) == 4
	}
	every odd in [-1, 5, "0", null] {
		access.level({"name": "x", "classification_level": odd, "category": "contact"}) == 4
	}
}

test_data_is_kept_no_longer_than_this if {
	days := {category: (seconds / 86400) | some category, seconds in access.retention_max}
	days == {
		"analytics": 365, "authentication_credentials": 30, "biometric_data": 30, "contact": 365,
		"financial_information": 2555, "health_information": 3650, "location_data": 30,
		"personal_identifiable_information": 90, "public": 3650,
	}
}

consenting(changes) := replaced({"consent_records": [object.union(given, changes)]})

beside(changes) := replaced({"consent_records": [given, object.union(given, changes)]})

no_consent := {"consent": ["s-1 has not consented to support"]}

test_only_known_types_of_consent_count if {
	every type in ["explicit", "express", "informed", "opt_in", "written"] {
		access.verdict.allow with input as consenting({"consent_type": type}) with time.now_ns as now
	}
	every type in ["implicit", "implied", "presumed", "denied", "withdrawn", "none", "EXPLICIT", "", null, false, 7] {
		got := access.verdict with input as consenting({"consent_type": type}) with time.now_ns as now
		broken(got) == no_consent
	}
}

# As another status than granted or expired does.
test_a_type_of_no_consent_takes_another_record_back if {
	every type in ["denied", "withdrawn", "none", "", null] {
		got := access.verdict with input as beside({"consent_type": type}) with time.now_ns as now
		broken(got) == no_consent
	}
	every type in ["explicit", "implied"] {
		access.verdict.allow with input as beside({"consent_type": type}) with time.now_ns as now
	}
}

test_sensitivity_raises_the_level_and_lowers_none if {
	every row in [["low", 2], ["medium", 2], ["high", 3], ["critical", 4], ["HIGH", 4], ["", 4], [1, 4], [null, 4]] {
		[sensitivity, level] := row
		field := email({"classification_level": 0, "sensitivity": sensitivity})
		access.level(field) == level with input as replaced({"data_fields": [field]})
	}
	got := access.verdict with input as replaced({"data_fields": [email({"sensitivity": "critical"})]}) with time.now_ns as now
	broken(got) == {"classification": ["clearance 2 does not reach email of level 4", "email of level 4 needs special authorization"]}
	public := access_test.public("public_info", 0, "public")
	settled := {"data_request": {"data_fields": [{"name": "public_info", "category": "public", "classification_level": 0, "sensitivity": "high"}]}}
	not access.verdict.allow with input as object.union(public, settled) with time.now_ns as now
}

test_keys_that_are_changed_too_rarely_are_not_changed if {
	good := personal.data_request.encryption_config.key_management
	every days in [1, 90, 365, 0.5] {
		got := access.verdict with input as managed(object.union(good, {"rotation_frequency_days": days})) with time.now_ns as now
		got.evaluation_details.encryption.score == 1
	}
	every days in [366, 1000000, 0, -1, "90", null, true] {
		rare := object.union(good, {"rotation_frequency_days": days})
		got := access.verdict with input as managed(rare) with time.now_ns as now
		got.evaluation_details.encryption.score == 0.8
		"key_management:rotation_enabled" in got.access_conditions
		neglected := access.verdict with input as managed(object.union(rare, {"secure_storage": false})) with time.now_ns as now
		not neglected.allow
	}
}

test_a_request_can_give_up_an_authorization if {
	willing := object.union(counted(10), {"data_request": {"special_authorization": true}})
	access.verdict.allow with input as willing with time.now_ns as now with data.acgs.agents as authorized
	every odd in [false, "true", null, 1] {
		asked := object.union(counted(10), {"data_request": {"special_authorization": odd}})
		got := access.verdict with input as asked with time.now_ns as now with data.acgs.agents as authorized
		got.reasons == [authorization]
	}
}
