// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

package main

import "github.com/xeipuuv/gojsonschema"

type object = map[string]any
type list = []any

func (g *generator) any(of ...any) any { return of[g.below(len(of))] }

func (g *generator) document(depth int) any {
	switch g.below(9) {
	case 0:
		return nil
	case 1:
		return g.below(2) == 0
	case 2:
		return g.below(20) - 5
	case 3:
		return float64(g.below(40))/4 - 2
	case 4:
		items := list{}
		for n := g.below(4); n > 0 && depth < 3; n-- {
			items = append(items, g.document(depth+1))
		}
		return items
	case 5:
		return g.record(depth)
	default:
		return g.one("", "a", "abc", "é", "2020-01-01", "x@y.z", "1.2.3.4",
			"10:00:00Z", "::1", "http://a.b/c", "abcdefgh", "/a/b",
			"2020-01-01T00:00:00Z", "^a(", "host.name",
			"550e8400-e29b-41d4-a716-446655440000")
	}
}

func (g *generator) record(depth int) object {
	o := object{}
	for n := g.below(4); n > 0 && depth < 3; n-- {
		o[g.one("a", "b", "c", "ab", "x1")] = g.document(depth + 1)
	}
	return o
}

// Formats stand with a type: OPA passes what is no text, the library does not.
func (g *generator) keyword(to object, sub func() any) {
	switch g.below(20) {
	case 0, 1:
		to["type"] = g.any("string", "number", "integer", "boolean", "null",
			"array", "object", list{"string", "null"}, list{"object"},
			list{"array", "array"}, "text", 1)
	case 2, 3:
		to["properties"] = object{g.one("a", "b"): sub(), g.one("c", "ab"): sub()}
	case 4:
		to["required"] = g.any(list{"a"}, list{"b", "c"}, list{"a", "a"}, true)
	case 5:
		to["additionalProperties"] = g.any(false, true, sub())
	case 6:
		to["patternProperties"] = object{g.one("^a", "b$", "[0-9]", "("): sub()}
	case 7:
		to["items"] = g.any(sub(), list{sub(), sub()}, true)
		to["additionalItems"] = g.any(false, true, sub())
	case 8:
		to[g.one("minItems", "maxItems", "minLength", "maxLength",
			"minProperties", "maxProperties")] = g.any(0, 1, 2, 3, -1, "1")
	case 9:
		to["uniqueItems"] = g.any(true, false, 1)
	case 10:
		to[g.one("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")] =
			g.any(-2, 0, 3, 7, true)
	case 11:
		to["multipleOf"] = g.any(1, 2, 0.5, 1.5, 0)
	case 12:
		to["type"], to["pattern"] = "string", g.one("^a", "[0-9]+", "c$", "é", "(")
	case 13:
		to["enum"] = list{g.document(2), g.document(2), "a"}
	case 14:
		to["const"] = g.document(2)
	case 15:
		to[g.one("allOf", "anyOf", "oneOf")] = list{sub(), sub()}
	case 16:
		to[g.one("not", "contains", "propertyNames")] = sub()
	case 17:
		to["if"], to["then"], to["else"] = sub(), sub(), sub()
	case 18:
		to["type"], to["format"] = "string", g.one("date", "time", "date-time",
			"email", "ipv4", "ipv6", "uri", "hostname", "uuid", "regex",
			"json-pointer", "uri-reference", "relative-json-pointer",
			"uri-template")
	default:
		to["dependencies"] = object{"a": g.any(list{"b"}, sub())}
	}
}

func (g *generator) subschema(depth int) any {
	if depth > 0 && g.below(25) == 0 {
		return g.below(2) == 0
	}
	s := object{}
	for n := 1 + g.below(3); n > 0; n-- {
		g.keyword(s, func() any {
			if depth == 3 {
				return object{"type": "string"}
			}
			return g.subschema(depth + 1)
		})
	}
	if depth == 0 && g.below(3) == 0 {
		s["$schema"] = "http://json-schema.org/draft-0" + g.one("4", "6", "7") +
			"/schema#"
	}
	return s
}

func (g *generator) schema() {
	schema := g.subschema(0)
	compiled, err := gojsonschema.NewSchema(gojsonschema.NewGoLoader(schema))
	if err != nil {
		g.add("json.verify_schema", list{false, nil}, nil, schema)
		return
	}
	g.add("json.verify_schema", list{true, nil}, nil, schema)
	document := g.record(0)
	result, err := compiled.Validate(gojsonschema.NewGoLoader(document))
	if err != nil {
		return
	}
	found := list{}
	for _, e := range result.Errors() {
		found = append(found, object{"error": e.String(), "type": e.Type(),
			"field": e.Field(), "desc": e.Description()})
	}
	g.add("json.match_schema", list{result.Valid(), found}, nil, document, schema)
}
