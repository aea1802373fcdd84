# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# What a field of data is: what administrators attested of it, what its name
# tells, and only then what the request claims.
package acgs.evaluation.access

import data.acgs.evaluation.actions
import data.acgs.evaluation.agent
import future.keywords.not

# Fields that hold no personal data, whatever their values: the documented
# requests read them without clearance, consent or encryption, or next to it.
known_fields := {
	"public_info": {"category": "public", "classification_level": 0}, # test_main_policy_data_access
	"public_metrics": {"category": "analytics", "classification_level": 0}, # test_public_data_access_allowed
	"usage_analytics": {"category": "analytics", "classification_level": 1}, # API examples
}

# What is known of a field, from others than the requester.
settled(field) := attested_of[field.name] if {
	attested_of[field.name]
} else := known_fields[field.name]

# Where several spellings of its name are attested, the strictest record counts.
attested_of[field.name] := {"category": strictest[1], "classification_level": strictest[0]} if {
	some field in fields
	asked := spelled(field.name)
	strictest := max([[record.classification_level, record.category] |
		some [letters, record] in attested
		letters == asked
		well_attested(record)
	])
}

# An administrator's word on a name is about each spelling of it. All that is
# attested has to be read for that: once in a request.
attested := {[asked, record] |
	some name, record in data.acgs.data_fields
	asked := spelled(name)
	asked in fields_asked
}

fields_asked := {spelled(field.name) | some field in fields}

# Capitals and separators make no other name: "User-Password", "userPassword".
spelled(name) := letters if {
	letters := actions.letters_of(name)
	letters != ""
} else := name

well_attested(record) if {
	is_number(record.classification_level)
	record.classification_level >= 0
	record.classification_level <= 4
	record.category in known_categories
}

# A record of another form was to say something, perhaps that the field is more
# sensitive than it is known to be.
violations.classification contains sprintf("what is attested of %v has no known form", [field.name]) if {
	some field in fields
	some [letters, record] in attested
	letters == spelled(field.name)
	not well_attested(record)
}

claimed_level(field) := field.classification_level if {
	is_number(field.classification_level)
	field.classification_level >= 0
	field.classification_level <= 4
} else := 4

# A claim may make a field more sensitive than it is known to be, never less.
level(field) := max([claimed_level(field), settled(field).classification_level]) if {
	settled(field)
} else := max([claimed_level(field), level_min[field.category], object.get(level_told, field.name, 0)]) if {
	level_min[field.category]
} else := 4

# The least that data of a category is, where nobody said more.
level_min := {
	"analytics": 1,
	"authentication_credentials": 3,
	"biometric_data": 3,
	"confidential": 3,
	"contact": 2,
	"financial_information": 2,
	"health_information": 3,
	"identifier": 1,
	"internal": 1,
	"location_data": 2,
	"personal_identifiable_information": 2,
	"public": 1,
	"settings": 1,
}

category(field) := settled(field).category if {
	settled(field)
} else := object.get(agent.plain(field), "category", "")

# A name that tells of a credential is not for the requester to explain.
violations.classification contains sprintf("%v is named like a credential and nobody attested what it is", [field.name]) if {
	some field in fields
	named(field)
	not settled(field)
	count(told[field.name] & (actions.credential_words | short_credential_words)) > 0
}

# In the name of an action these mostly mean something else.
short_credential_words := {"cvc", "cvv", "pass", "pin", "pins"}

# The words of the names that nobody attested.
told[field.name] := actions.forms_of(field.name) | actions.joined(field.name, joined_words) if {
	some field in fields
	named(field)
	not settled(field)
}

joined_words := `accountnumber|biometric|birthda|cardnumber|creditcard|dateofbirth|debitcard|diagnos|fingerprint|health|medical|passport|salary|socialsecurity|voiceprint`

# The level that a name tells of, whatever category the request puts it in.
level_told[name] := max([level | some [level, words] in levels_told; count(of_name & words) > 0]) if some name, of_name in told

# Where a request puts it is the requester's word; what such names hold is at
# least this. Documents of identity and means of payment are of level 3 wherever
# the documented requests have them (user_ssn, user_dob, credit_card,
# user_payment), though their categories begin at 2.
levels_told := [
	[level_min.biometric_data, {
		"biometric", "biometrics", "dna", "faceprint", "fingerprint", "genetic", "genome", "iris", "retina", "voiceprint",
	}],
	[level_min.health_information, {
		"allergies", "allergy", "clinical", "diagnos", "diagnosis", "disability", "disease", "health", "hiv", "illness", "medical",
		"medication", "patient", "pregnancy", "pregnant", "prescription", "psychiatric", "surgery", "symptom", "therapy",
		"treatment", "vaccination",
	}],
	[level_min.financial_information, {"balance", "bank", "income", "loan", "pension", "salary", "tax", "wage"}],
	[level_min.location_data, {"geolocation", "gps", "latitude", "location", "longitude", "whereabouts"}],
	[3, {
		"accountnumber", "birthda", "card", "cardnumber", "creditcard", "dateofbirth", "debitcard", "dob", "ethnicity", "iban",
		"passport", "payment", "race", "religion", "sexual", "socialsecurity", "ssn",
	}],
]
