# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# description: Where our built-ins differ from Go's answers in data.cases.
package go_oracle

answer(c) := sprintf(c.args[0], c.args[1]) if c.name == "sprintf"

answer(c) := upper(c.args[0]) if c.name == "upper"

answer(c) := lower(c.args[0]) if c.name == "lower"

answer(c) := trim_space(c.args[0]) if c.name == "trim_space"

answer(c) := trim(c.args[0], c.args[1]) if c.name == "trim"

answer(c) := trim_left(c.args[0], c.args[1]) if c.name == "trim_left"

answer(c) := trim_right(c.args[0], c.args[1]) if c.name == "trim_right"

answer(c) := trim_prefix(c.args[0], c.args[1]) if c.name == "trim_prefix"

answer(c) := trim_suffix(c.args[0], c.args[1]) if c.name == "trim_suffix"

answer(c) := replace(c.args[0], c.args[1], c.args[2]) if c.name == "replace"

answer(c) := split(c.args[0], c.args[1]) if c.name == "split"

answer(c) := contains(c.args[0], c.args[1]) if c.name == "contains"

answer(c) := strings.count(c.args[0], c.args[1]) if c.name == "strings.count"

answer(c) := format_int(c.args[0], c.args[1]) if c.name == "format_int"

answer(c) := regex.is_valid(c.args[0]) if c.name == "regex.is_valid"

answer(c) := regex.match(c.args[0], c.args[1]) if c.name == "regex.match"

answer(c) := regex.find_n(c.args[0], c.args[1], c.args[2]) if c.name == "regex.find_n"

answer(c) := regex.find_all_string_submatch_n(c.args[0], c.args[1], c.args[2]) if {
	c.name == "regex.find_all_string_submatch_n"
}

answer(c) := regex.split(c.args[0], c.args[1]) if c.name == "regex.split"

answer(c) := regex.replace(c.args[0], c.args[1], c.args[2]) if c.name == "regex.replace"

answer(c) := urlquery.encode(c.args[0]) if c.name == "urlquery.encode"

answer(c) := urlquery.decode(c.args[0]) if c.name == "urlquery.decode"

answer(c) := urlquery.decode_object(c.args[0]) if c.name == "urlquery.decode_object"

answer(c) := json.marshal(c.args[0]) if c.name == "json.marshal"

answer(c) := json.unmarshal(c.args[0]) if c.name == "json.unmarshal"

answer(c) := base64.is_valid(c.args[0]) if c.name == "base64.is_valid"

answer(c) := base64.decode(c.args[0]) if c.name == "base64.decode"

answer(c) := hex.decode(c.args[0]) if c.name == "hex.decode"

answer(c) := time.format(c.args[0]) if c.name == "time.format"

answer(c) := time.parse_ns(c.args[0], c.args[1]) if c.name == "time.parse_ns"

answer(c) := time.parse_rfc3339_ns(c.args[0]) if c.name == "time.parse_rfc3339_ns"

answer(c) := time.parse_duration_ns(c.args[0]) if c.name == "time.parse_duration_ns"

answer(c) := time.date(c.args[0]) if c.name == "time.date"

answer(c) := time.clock(c.args[0]) if c.name == "time.clock"

answer(c) := time.weekday(c.args[0]) if c.name == "time.weekday"

answer(c) := time.add_date(c.args[0], c.args[1], c.args[2], c.args[3]) if c.name == "time.add_date"

answer(c) := net.cidr_is_valid(c.args[0]) if c.name == "net.cidr_is_valid"

answer(c) := net.cidr_intersects(c.args[0], c.args[1]) if c.name == "net.cidr_intersects"

answer(c) := net.cidr_contains(c.args[0], c.args[1]) if c.name == "net.cidr_contains"

answer(c) := glob.match(c.args[0], c.args[1], c.args[2]) if c.name == "glob.match"

answer(c) := yaml.unmarshal(c.args[0]) if c.name == "yaml.unmarshal"

answer(c) := yaml.marshal(c.args[0]) if c.name == "yaml.marshal"

answer(c) := strings.render_template(c.args[0], c.args[1]) if c.name == "strings.render_template"

# The library's problem is wrapped in one of OPA's.
answer(c) := [json.verify_schema(c.args[0])[0], null] if c.name == "json.verify_schema"

answer(c) := json.match_schema(c.args[0], c.args[1]) if c.name == "json.match_schema"

answer(c) := crypto.x509.parse_certificates(c.args[0]) if {
	c.name == "crypto.x509.parse_certificates"
}

same(c, ours) if {
	not c.name in {"json.match_schema", "crypto.x509.parse_certificates"}
	ours == c.want
}

# Go's versions have more members and fewer.
same(c, ours) if {
	c.name == "crypto.x509.parse_certificates"
	every name, part in c.want[0] {
		object.get(ours[0], name, part) == part
	}
}

# The library walks Go's maps: what it finds has no order. OPA's copy of it
# calls the root by another letter.

same(c, ours) if {
	c.name == "json.match_schema"
	ours[0] == c.want[0]
	{e | some e in ours[1]} == {in_opa(e) | some e in c.want[1]}
}

in_opa(found) := {k: replace(v, "(root)", "(Root)") | some k, v in found}

answered(c) if _ := [answer(c)]

agrees(c) if {
	c.fails
	not answered(c)
}

agrees(c) if {
	not c.fails
	same(c, answer(c))
}

report := {
	"compared": count(data.cases),
	"differ": [{"case": c, "ours": object.get({"a": a | a := answer(c)}, "a", "undefined")} |
		some c in data.cases
		not agrees(c)
	],
}
