# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What a field's name tells, and what is attested of it. Each request is in
# order but for the one thing.
package acgs.evaluation.fields_test

import data.acgs.evaluation.access
import data.acgs.evaluation.access_reasons_test
import data.acgs.evaluation.access_test

now := access_test.now

given := access_test.personal.data_request

broken(got) := access_reasons_test.broken(got)

# One field of that name, which the request claims to be of no sensitivity.
asking(name, category) := access_reasons_test.replaced({
	"data_fields": [{"name": name, "category": category, "classification_level": 0}],
	"justified_fields": [name],
	"retention_policy": {category: 86400},
	"encryption_config": {name: given.encryption_config.email, "key_management": given.encryption_config.key_management},
})

pii(name) := asking(name, "personal_identifiable_information")

test_a_field_of_an_ordinary_name_is_as_sensitive_as_its_category if {
	every name in [
		"email", "user_name", "class_name", "secretary_name", "street", "nickname", "discard_reason", "monkey", "tokenizer_version",
		"compass", "spinner", "postal_code", "country_code", "survey_answer", "security_contact", "phone", "backup_email", "story", "series", "user_id", "user_login", "wellness", "trace", "cardigan_size",
	] {
		got := access.verdict with input as pii(name) with time.now_ns as now
		got.allow
	}
}

test_a_credential_is_no_field_like_others if {
	every name in [
		"password", "user_password", "password_hash", "private_key", "api_key", "session_tokens", "admin_credentials", "USER_PASSWORD",
		"userPassword", "UserPassword", "userpassword", "pass_word", "user-passwd", "db.pwd", "passw0rd", "apikey", "ApiKey", "secrets",
		"security_answer", "securityAnswer", "securityanswers", "security_question_2", "recovery_code", "RecoveryCodes", "backup-codes",
		"mfa_seed", "mfa", "2fa_backup", "user_2fa", "login_code", "auth_code", "verification_link", "password_reset_link", "reset_hash",
		"seed_phrase", "mothers_maiden_name", "oauth_id", "recovery_phrase", "s3curity_answer",
		"creds", "otp", "PIN", "user_pin", "db_pass", "cvv", "cookie", "keystore", "privatekeys", "x:token", "userpassw0rd",
	] {
		got := access.verdict with input as pii(name) with time.now_ns as now
		not got.allow
		broken(got) == {"classification": [sprintf("%v is named like a credential and nobody attested what it is", [name])]}
		attested := access.verdict with input as pii(name) with time.now_ns as now
			with data.acgs.data_fields as {name: {"category": "personal_identifiable_information", "classification_level": 2}}
		attested.allow
	}
}

too_sensitive(name, level) := {"classification": sort([
	sprintf("%v of level %v needs special authorization", [name, level]),
	sprintf("clearance 2 does not reach %v of level %v", [name, level]),
])}

test_a_name_tells_of_a_level_that_no_category_lowers if {
	every name in [
		"user_ssn", "userSSN", "ssn", "medical_record", "MedicalRecord", "userm3dicalrecord", "medicalrecords", "health_notes", "diagnosis", "diagnoses",
		"primary_diagnosis", "biometrics", "finger_print", "dna", "iris_scan", "credit_card", "creditcard", "card_number", "iban",
		"account_number", "payments", "passport_no", "dob", "date_of_birth", "birthday", "religion", "prescriptions", "hiv_status",
		"sex_life", "sexLife", "sexlife", "sexual_orientation", "political_view", "politicalviews", "party_affiliation", "blood_type", "bloodtype",
		"bloodPressure", "criminal_record", "criminalrecords", "convictions", "trade_union", "tradeUnionMember", "religious_beliefs", "ethnicities",
		"racial_origin", "drivers_license", "national_id", "visas", "allergies", "disabilities", "pregnancies", "injuries", "vaccines", "mental_state", "arrests", "felonies", "genotypes",
	] {
		every category in ["personal_identifiable_information", "contact"] {
			got := access.verdict with input as asking(name, category) with time.now_ns as now
			broken(got) == too_sensitive(name, 3)
			cleared := object.union(asking(name, category), access_test.proved)
			access.verdict.allow with input as cleared with time.now_ns as now with data.acgs.agents as access_reasons_test.authorized
		}
		attested := {name: {"category": "personal_identifiable_information", "classification_level": 2}}
		access.verdict.allow with input as pii(name) with time.now_ns as now with data.acgs.data_fields as attested
	}
}

test_each_joined_word_tells_of_a_level if {
	every word in split(access.joined_words, "|") {
		some [_, words] in access.levels_told
		word in words
	}
}

test_where_money_and_places_begin if {
	every name in ["salary", "salaries", "user_salaries", "monthlysalaries", "earnings", "user_salary", "monthlySalary", "taxes", "home_location", "gps", "bank_name"] {
		field := {"name": name, "category": "settings", "classification_level": 0}
		access.level(field) == 2 with input as asking(name, "settings")
		access.level(object.union(field, {"classification_level": 4})) == 4 with input as asking(name, "settings")
	}
	access.level({"name": "theme", "category": "settings", "classification_level": 0}) == 1 with input as asking("theme", "settings")
}

spellings := [
	"customer_note", "Customer_Note", "CUSTOMER_NOTE", "customer-note", "customerNote", "CustomerNote", "customernote",
	"customer.note", "customer__note", "customer note",
]

test_what_is_attested_is_about_each_spelling if {
	every written in spellings {
		record := {written: {"category": "personal_identifiable_information", "classification_level": 4}}
		every name in spellings {
			got := access.verdict with input as pii(name) with time.now_ns as now with data.acgs.data_fields as record
			broken(got) == too_sensitive(name, 4)
		}
		other := access.verdict with input as pii("customer_notes") with time.now_ns as now with data.acgs.data_fields as record
		other.allow
	}
}

test_the_strictest_of_several_spellings_counts if {
	records := {
		"customer_note": {"category": "personal_identifiable_information", "classification_level": 2},
		"CustomerNote": {"category": "personal_identifiable_information", "classification_level": 3},
		"customer.note": {"category": "personal_identifiable_information", "classification_level": 0},
	}
	every name in ["customer_note", "CustomerNote", "customer-note", "customer.note"] {
		got := access.verdict with input as pii(name) with time.now_ns as now with data.acgs.data_fields as records
		broken(got) == too_sensitive(name, 3)
	}
}

test_what_is_attested_in_no_known_form_is_about_each_spelling if {
	every name in spellings {
		got := access.verdict with input as pii(name) with time.now_ns as now with data.acgs.data_fields as {"customer_note": "secret"}
		sprintf("what is attested of %v has no known form", [name]) in got.reasons
	}
}

test_what_is_attested_is_about_no_other_field if {
	two := access_reasons_test.replaced({
		"data_fields": [given.data_fields[0], object.union(given.data_fields[0], {"name": "customerNote"})],
		"justified_fields": ["email", "customerNote"],
		"encryption_config": object.union(given.encryption_config, {"customerNote": given.encryption_config.email}),
	})
	records := {"customer_note": {"category": "personal_identifiable_information", "classification_level": 4}}
	got := access.verdict with input as two with time.now_ns as now with data.acgs.data_fields as records
	broken(got) == too_sensitive("customerNote", 4)
	odd := access.verdict with input as two with time.now_ns as now with data.acgs.data_fields as {"customer_note": 7}
	broken(odd) == {"classification": ["what is attested of customerNote has no known form"]}
}

# What is made of separators alone has no other spelling.
test_names_without_letters_are_not_one_another if {
	record := {"-": {"category": "personal_identifiable_information", "classification_level": 2}}
	access.verdict.allow with input as pii("-") with time.now_ns as now with data.acgs.data_fields as record
	every name in ["_", "", "*", "--"] {
		got := access.verdict with input as pii(name) with time.now_ns as now with data.acgs.data_fields as record
		got.reasons == [sprintf("%v does not name one field", [name]), "the access score 0.75 is below 0.9"]
	}
}

of_persons(count_, changes) := access_reasons_test.replaced(object.union(changes, {
	"data_subjects": [sprintf("s-%d", [n]) | some n in numbers.range(1, count_)],
	"consent_records": [],
}))

in_bulk := "the request asks for personal data in bulk: more than 1000 records"

test_each_person_named_is_a_record if {
	every claimed in [{}, {"record_count": 1}, {"record_count": 0}] {
		got := access.verdict with input as of_persons(1001, claimed) with time.now_ns as now
		in_bulk in got.reasons
		"flag_bulk_access" in got.audit_requirements
		just := access.verdict with input as of_persons(1000, claimed) with time.now_ns as now
		not in_bulk in just.reasons
		not "flag_bulk_access" in just.audit_requirements
	}
	more := access.verdict with input as of_persons(2, {"record_count": 1001}) with time.now_ns as now
	in_bulk in more.reasons
}
