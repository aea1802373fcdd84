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

claimed_level(field) := max([field.classification_level, sensitivity_level(field)]) if {
	is_number(field.classification_level)
	field.classification_level >= 0
	field.classification_level <= 4
} else := 4

# The same claim in words; a word that is not known is the strictest.
sensitivity_level(field) := 0 if {
	not "sensitivity" in object.keys(field)
} else := object.get(sensitivities, field.sensitivity, 4)

sensitivities := {"low": 0, "medium": 2, "high": 3, "critical": 4}

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
	tells_of_credential(field.name)
}

tells_of_credential(name) if count(told[name] & (actions.credential_words | further_credential_words)) > 0

tells_of_credential(name) if count(actions.joined(name, opening)) > 0

# In the name of an action these mostly mean something else.
further_credential_words := {"2fa", "authenticator", "bearer", "cvc", "cvv", "gpg", "mfa", "mnemonic", "oauth", "pass", "pgp", "pin", "pins", "ssh", "webauthn"}

# What opens an account in place of a password, or with it: two words of which
# neither tells of it alone, as in "security_answer" and "recovery_code".
opening := concat("", [
	`(?:access|activation|auth|authentication|backup|factor|login|recovery|reset|security|signin|unlock|verification)`,
	`(?:answer|code|hash|hint|link|phrase|question|seed|word)|maidenname|seedphrase|seedword`,
])

# The words of the names that nobody attested.
told[field.name] := actions.forms_of(field.name) | actions.joined(field.name, joined_words) if {
	some field in fields
	named(field)
	not settled(field)
}

joined_words := concat("|", [
	`accountnumber|biometric|birthda|bloodtype|cardnumber|creditcard|criminal|dateofbirth|debitcard|diagnos|ethnic|fingerprint|genetic|genome`,
	`health|medical|nationalid|passport|payroll|political|psychiatr|salaries|salary|sexlife|sexual|socialsecurity|tradeunion|voiceprint`,
])

# The level that a name tells of, whatever category the request puts it in.
level_told[name] := max([level | some [level, words] in levels_told; count(of_name & words) > 0]) if some name, of_name in told

# Where a request puts it is the requester's word; what such names hold is at
# least this. Documents of identity and means of payment are of level 3 wherever
# the documented requests have them (user_ssn, user_dob, credit_card,
# user_payment), though their categories begin at 2. So is what is most a
# person's own: origin, politics, belief, sexuality, crimes.
levels_told := [
	[level_min.biometric_data, {
		"ancestry", "biometric", "biometrics", "chromosome", "dna", "faceprint", "fingerprint", "gait", "genetic", "genome", "genotype",
		"iris", "retina", "voiceprint",
	}],
	[level_min.health_information, {
		"addiction", "allergic", "allergies", "allergy", "autism", "blood", "bloodtype", "bmi", "cancer", "clinical", "contraception",
		"depression", "diabetes", "diabetic", "diagnos", "diagnosis", "disability", "disabled", "disease", "drug", "fertility",
		"handicap", "health", "hiv", "hospital", "illness", "immunization", "impairment", "infection", "injury", "medical",
		"medication", "medicine", "menstrual", "mental", "patient", "pregnancy", "pregnant", "prescription", "psychiatr",
		"psychiatric", "sick", "sickness", "surgery", "symptom", "therapy", "treatment", "vaccination", "vaccine",
	}],
	[level_min.financial_information, {
		"balance", "bank", "bankruptcy", "bonus", "compensation", "debt", "earning", "income", "loan", "mortgage", "payroll",
		"payslip", "pension", "remuneration", "salaries", "salary", "tax", "wage", "wealth",
	}],
	[level_min.location_data, {"geolocation", "gps", "latitude", "location", "longitude", "whereabouts"}],
	[3, {
		"accountnumber", "asylum", "birthda", "card", "cardnumber", "creditcard", "dateofbirth", "debitcard", "dob", "iban", "immigration",
		"licence", "license", "nationalid", "passport", "payment", "refugee", "socialsecurity", "ssn", "visa",
	}],
	[3, {
		"belief", "caste", "church", "ethnic", "ethnicity", "faith", "ideology", "party", "political", "politics", "race", "racial",
		"religion", "religious", "tradeunion", "tribe", "union", "vote", "voter", "voting",
	}],
	[3, {"lgbt", "lgbtq", "libido", "orientation", "sex", "sexlife", "sexual", "sexuality", "transgender"}],
	[3, {
		"arrest", "conviction", "crime", "criminal", "felony", "misdemeanor", "offence", "offense", "parole", "prison", "probation",
	}],
]
