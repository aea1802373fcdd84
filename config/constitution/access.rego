# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# May this data be used for this purpose? Six parts, weighed; one violation
# refuses. Whether a consent has run out is judged by the node's clock, never
# by a time that the requester claims.
#
# What the request says of itself is a claim, and claims of an unattested agent
# count as far as documented requests demand it and no further (agent.rego says
# when an agent is attested):
#   requester_clearance_level   up to 2: ..._data_access_with_authorization and
#                               the data_access request of the API examples
#   consent_records, purpose,   as stated, by the same two requests; attested
#   allowed_purposes            allowed_purposes outrank the request's
#   special_authorization       never; no documented request needs it; false
#                               gives an attested one up
#   data_subjects               personal data of persons whom nobody names needs
#                               an attested special_authorization
#   classification_level        upwards; downwards only for fields that are
#                               known here or attested in data.acgs.data_fields,
#                               and never below what a name tells (fields.rego)
package acgs.evaluation.access

import data.acgs.evaluation.actions
import data.acgs.evaluation.agent
import data.acgs.evaluation.shape
import data.acgs.evaluation.texts
import future.keywords.not

weights := {
	"classification": 0.25,
	"consent": 0.25,
	"purpose": 0.2,
	"minimisation": 0.1,
	"retention": 0.1,
	"encryption": 0.1,
}

default threshold := 0.9

threshold := 0.98 if data.acgs.mode.strict

request := input.data_request

default fields := []

fields := request.data_fields if is_array(request.data_fields)

levels := [level(field) | some field in fields]

# A field must say what it is: what has no name or category cannot be judged.
named(field) if {
	is_string(field.name)
	is_string(field.category)
}

violations.classification contains "every data field needs a name and a category" if {
	some field in fields
	not named(field)
}

violations.classification contains "data_fields is not a list" if {
	not is_array(object.get(request, "data_fields", []))
}

known_categories := object.keys(level_min)

# That data is nobody's is not for the requester to say, nor by a category that
# nobody has heard of.
violations.classification contains sprintf("nobody attested that %v is of category %v and no personal data", [field.name, field.category]) if {
	some field in fields
	named(field)
	not settled(field)
	not field.category in personal_categories
}

violations.classification contains sprintf("%v is of category %v and not %v", [field.name, category(field), field.category]) if {
	some field in fields
	named(field)
	category(field) != field.category
}

# Who is told apart by a pattern, or by a word for everybody, is not told apart.
# A field that an administrator attested may have any name.
violations.classification contains sprintf("%v does not name one field", [field.name]) if {
	some field in fields
	named(field)
	not settled(field)
	not names_one(field.name)
}

names_one(name) if {
	is_string(name)
	regex.match(`^[A-Za-z0-9][A-Za-z0-9._:@+-]{0,127}$`, name)
	count(actions.words_of(name) & everyones) == 0
}

everyones := {"all", "any", "anybody", "anyone", "every", "everybody", "everyone", "everything"}

personal_categories := {
	"authentication_credentials",
	"biometric_data",
	"contact",
	"financial_information",
	"health_information",
	"location_data",
	"personal_identifiable_information",
}

personal contains field.name if {
	some field in fields
	category(field) in personal_categories
}

# Classification: clearance for every field, and more for the most sensitive.
clearance_claimed_max := 2

clearance := agent.fact("clearance_level", agent.claim(agent.plain(request), "requester_clearance_level", clearance_claimed_max))

violations.classification contains "data_fields names no field" if count(fields) == 0

violations.classification contains sprintf("clearance %v does not reach %v of level %v", [clearance, field.name, level(field)]) if {
	some field in fields
	level(field) > clearance
}

violations.classification contains sprintf("%v of level %v needs special authorization", [field.name, level(field)]) if {
	some field in fields
	level(field) >= 3
	not authorized
}

# Attested, and not disclaimed by the request itself.
authorized if {
	agent.attested.special_authorization == true
	object.get(request, "special_authorization", true) == true
}

# Consent of every person named, for this purpose, now.
default subjects := []

subjects := request.data_subjects if is_array(request.data_subjects)

violations.consent contains sprintf("%v has not consented to %v", [subject, object.get(request, "purpose", "any purpose")]) if {
	count(personal) > 0
	some subject in subjects
	not consented(subject)
}

violations.consent contains sprintf("%v does not name one person", [subject]) if {
	some subject in subjects
	not names_one(subject)
}

violations.consent contains "data_subjects is not a list" if {
	not is_array(object.get(request, "data_subjects", []))
}

consented(subject) if {
	some record in request.consent_records
	record.subject_id == subject
	record.status == "granted"
	request.purpose in record.allowed_purposes
	is_number(record.expiry_time)
	record.expiry_time <= expiry_time_max
	record.expiry_time * 1000000000 > time.now_ns()
	begun(record)
	consent_type(record) in consent_types
	not taken_back(subject)
}

# The year 5138: a time in milliseconds would never run out.
expiry_time_max := 100000000000

# Whoever took a consent back is not overruled by another record of it.
taken_back(subject) if {
	some record in request.consent_records
	record.subject_id == subject
	withdrawn(record)
	about_purpose(record)
}

withdrawn(record) if not object.get(record, "status", "") in {"granted", "expired"}

withdrawn(record) if not consent_type(record) in (consent_types | presumed_types)

withdrawn(record) if {
	some mark in ["revoked", "revoked_at", "withdrawn", "withdrawn_at"]
	not object.get(record, mark, false) in {false, null}
}

# How somebody consented, if the record says so. What is merely presumed is no
# consent; any other type ("denied") takes it back as another status does.
consent_type(record) := object.get(record, "consent_type", "explicit")

consent_types := {"explicit", "express", "informed", "opt_in", "written"}

presumed_types := {"implicit", "implied", "presumed"}

about_purpose(record) if request.purpose in record.allowed_purposes

about_purpose(record) if not names_purposes(record)

# Only what names other purposes, and nothing but purposes, is about others.
names_purposes(record) if {
	count(record.allowed_purposes) > 0
	every purpose in record.allowed_purposes {
		regex.match(`^[a-z0-9]+(?:[._ -][a-z0-9]+)*$`, purpose)
		not purpose in {"all", "any", "every"}
	}
}

begun(record) if not "granted_at" in object.keys(record)

begun(record) if time.parse_rfc3339_ns(record.granted_at) <= time.now_ns()

violations.consent contains "consent_records tell of persons whom data_subjects does not name" if {
	count(subjects) == 0
	count(object.get(request, "consent_records", [])) > 0
}

# Personal data of nobody in particular: in a form that names nobody, and only
# for whom an administrator authorized, as nobody could be asked for a consent.
unnamed if {
	count(personal) > 0
	count(subjects) == 0
}

violations.consent contains "personal data of persons whom data_subjects does not name needs special authorization" if {
	unnamed
	not authorized
}

violations.consent contains "record_count does not say of how much data of persons who are not named" if {
	unnamed
	not "record_count" in object.keys(request)
}

# Purpose.
violations.purpose contains "no purpose is stated" if not stated

stated if texts.wordy(request.purpose)

violations.purpose contains sprintf("purpose %v is not an allowed one", [object.get(request, "purpose", null)]) if {
	not purpose_allowed
}

purpose_allowed if {
	request.purpose in purposes
	not withheld
}

# The facts hold back a caller that merely names the agent, too.
withheld if {
	"allowed_purposes" in object.keys(agent.plain(agent.recorded))
	not request.purpose in agent.recorded.allowed_purposes
}

purposes := agent.attested.allowed_purposes if {
	"allowed_purposes" in object.keys(agent.attested)
} else := request.allowed_purposes

# Minimisation.
violations.minimisation contains sprintf("%v is not justified by the purpose", [field.name]) if {
	some field in fields
	not field.name in object.get(request, "justified_fields", [])
}

violations.minimisation contains sprintf("the request asks for personal data in bulk: more than %v records", [records_max]) if bulk

records_max := 1000

# Whether a request is automated is a claim, and changes nothing.
bulk if {
	count(personal) > 0
	records > records_max
}

# Every person named has a record at least, whatever the request claims.
records := max([count(subjects), records_claimed])

# Neither a text nor a negative number says how many there are.
records_claimed := request.record_count if {
	is_number(request.record_count)
	request.record_count >= 0
} else := 1000000000 if {
	"record_count" in object.keys(request)
} else := 0

# Retention, in seconds, by category.
day := 86400

retention_max := {
	"analytics": 365 * day,
	"authentication_credentials": 30 * day,
	"biometric_data": 30 * day,
	"contact": 365 * day,
	"financial_information": 2555 * day,
	"health_information": 3650 * day,
	"location_data": 30 * day,
	"personal_identifiable_information": 90 * day,
	"public": 3650 * day,
}

kept(field) := object.get(object.get(request, "retention_policy", {}), category(field), null)

violations.retention contains sprintf("there is no retention policy for %v", [field.category]) if {
	some field in fields
	category(field) in personal_categories
	not is_number(kept(field))
}

violations.retention contains sprintf("%v may be kept for %v seconds at most", [field.category, longest]) if {
	some field in fields
	longest := object.get(retention_max, category(field), 30 * day)
	is_number(kept(field))
	not within(kept(field), longest)
}

within(value, longest) if {
	value >= 0
	value <= longest
}

# Encryption from level 2 on.
strong := {"AES": 256, "AES-256": 256, "AES-256-GCM": 256, "CHACHA20": 256, "CHACHA20-POLY1305": 256}

authenticated_modes := {"CCM", "EAX", "GCM", "GCM-SIV", "OCB", "SIV"}

config(field) := object.get(object.get(request, "encryption_config", {}), field.name, {})

strongly_encrypted(field) if {
	config(field).encrypted == true
	is_number(config(field).key_length)
	config(field).key_length >= strong[upper(config(field).algorithm)]
	upper(object.get(config(field), "mode", "GCM")) in authenticated_modes
}

violations.encryption contains sprintf("%v of level %v is not encrypted strongly enough", [field.name, level(field)]) if {
	some field in fields
	level(field) >= 2
	not strongly_encrypted(field)
}

keys := agent.plain(object.get(object.get(request, "encryption_config", {}), "key_management", {}))

key_duties := ["rotation_enabled", "secure_storage", "access_controlled"]

neglected := [duty | some duty in key_duties; not managed(duty)]

managed(duty) if {
	keys[duty] == true
	not nominal(duty)
}

# Keys that are changed too rarely are not changed.
rotation_days_max := 365

nominal("rotation_enabled") if {
	some days in [keys.rotation_frequency_days]
	not rotates_within(days)
}

rotates_within(days) if {
	is_number(days)
	days > 0
	days <= rotation_days_max
}

sensitive if {
	some each in levels
	each >= 2
}

violations.encryption contains "the keys are not managed: no rotation, storage and access control" if {
	sensitive
	count(neglected) > 1
}

# One part's score: nothing where it is violated. Where nobody is named, nobody
# withheld a consent either; what that refuses is a reason, not the score.
part_score(part) := 0.7 if {
	part == "consent"
	unnamed
} else := 0 if {
	count(violations[part]) > 0
} else := 0.8 if {
	part == "encryption"
	sensitive
	count(neglected) == 1
} else := 1

score := sum([(weight * part_score(part)) | some part, weight in weights])

reasons contains reason if {
	some part
	some reason in violations[part]
}

reasons contains reason if some reason in agent.violations

reasons contains reason if some reason in shape.violations

reasons contains sprintf("the access score %v is below %v", [texts.shown_score(score, threshold), threshold]) if score < threshold

default allow := false

allow if {
	score >= threshold
	count(reasons) == 0
}

access_conditions contains "aggregate_or_pseudonymised_output_only" if unnamed

access_conditions contains sprintf("key_management:%v", [duty]) if {
	sensitive
	some duty in neglected
}

access_conditions contains "encrypted_transport_only" if sensitive

access_conditions contains "delete_after_retention_period" if count(personal) > 0

audit_requirements contains "log_all_data_access"

audit_requirements contains "notify_data_protection_officer" if bulk

audit_requirements contains "flag_bulk_access" if {
	count(fields) > 10
}

audit_requirements contains "flag_bulk_access" if bulk

audit_requirements contains "record_consent_reference" if {
	count(personal) > 0
	count(subjects) > 0
}

audit_requirements contains "review_within_24_hours" if {
	some each in levels
	each >= 3
}

verdict := {
	"allow": allow,
	"access_score": score,
	"compliance_score": score,
	"access_conditions": sort([each | some each in access_conditions]),
	"conditions": sort([each | some each in access_conditions]),
	"audit_requirements": sort([each | some each in audit_requirements]),
	"reasons": sort([reason | some reason in reasons]),
	"evaluation_details": {part: detail |
		some part in object.keys(weights)
		detail := {
			"passed": count(object.get(violations, part, set())) == 0,
			"score": part_score(part),
			"violations": sort([each | some each in object.get(violations, part, set())]),
		}
	},
}
