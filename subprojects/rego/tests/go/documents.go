// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"strings"
	"text/template"

	"github.com/gobwas/glob"
	"sigs.k8s.io/yaml"
)

var globParts = []string{"a", "b", "*", "**", "?", ".", "/", "[abc]",
	"[a-c]", "{a,b}", `\*`, "é", "[", "]", `\`, ",",
	"ab", "!", "-", ":", "[a-c-]", "{b,ab}"}

func (g *generator) glob() {
	pattern := g.some(1, 5, globParts)
	s := g.some(1, 5, []string{"a", "b", "c", ".", "/", "é", "*", ":", ",", "-", "]"})
	delimiters := g.one("", ".", "/", "a")
	list := strings.Split(delimiters, "")
	if delimiters == "" {
		delimiters = "." // OPA's default
	}
	compiled, err := glob.Compile(pattern, []rune(delimiters)...)
	g.add("glob.match", err == nil && compiled.Match(s), err, pattern, list, s)
}

var scalars = []string{"a", "1", "-1", "0x1F", "0o17", "017", "0b11", "1_000",
	"1.5", "1e3", ".5", "1.", "+1", ".inf", "true", "True", "yes", "off", "y",
	"null", "~", "''", "'it''s'", `"q\n\u00e9\x41"`, "2020-01-01", "<<", "=",
	"é", "a b", "a: b", "a #c", "a#c", "!!str 1", `!!int "3"`, "!!float 1",
	"!!binary aGk=", "!!null x", "!foo x", "*x", "0x", "1e", "-", "?", "0777",
	"-0", "00", "08", "12:30:45", "|\n  block\n  text", ">\n  fold\n  ed",
	"[1, 2]", "{a: 1}", "[a, [b]]", "{a, b: }", "9223372036854775807",
	"9223372036854775808", "18446744073709551616", "1e400", "@a", "`a",
	"!!bool yes", `"\q"`}

var keys = []string{"a", "b", "c", "1", "true", `"q"`, "é", "<<", "~", "1.5",
	"a b", "null", "0x10", "no"}

func (g *generator) block(depth int) string {
	indent := strings.Repeat("  ", depth)
	scalar := func() string {
		return strings.ReplaceAll(g.one(scalars...), "\n", "\n"+indent)
	}
	kind := g.below(3)
	if kind == 2 {
		return indent + scalar() + "\n"
	}
	text := ""
	used := map[string]bool{}
	for n := 1 + g.below(3); n > 0; n-- {
		item := "-"
		if kind == 0 {
			item = g.one(keys...) + ":"
		}
		// Go's reader lets what is merged in win over keys before it.
		if kind == 0 && (used[item] || (item == "<<:" && text != "")) {
			continue
		}
		used[item] = true
		text += indent + item
		if depth < 3 && g.below(3) == 0 {
			text += "\n" + g.block(depth+1)
		} else {
			text += " " + scalar() + "\n"
		}
	}
	return text
}

func (g *generator) yaml() {
	text := g.one("", "", "", "", "", "---\n", "# c\n", "\n", "%YAML 1.1\n---\n")
	text += g.block(0)
	text += g.one("", "", "", "", "", "...\n", "---\nb: 1\n", "# end")
	document, err := yaml.YAMLToJSON([]byte(text))
	var want any
	if err == nil {
		want = json.RawMessage(document)
	}
	g.add("yaml.unmarshal", want, err, text)
}

var yamlParts = []string{"a", "b", " ", "  ", "\n", "\t", "'", "\"", "\\", ":",
	": ", " #", "#", "-", "- ", "?", "é", "日", "\u0085", "\u2028", "😀", "\ufeff",
	"\u007f", ".", ",", "word ", "lorem ipsum dolor sit amet ", "[", "{", "&",
	"*", "!", "|", ">", "%", "@", "`", "x\n", strings.Repeat("k", 60)}

var yamlTexts = []string{"", "1", "-1", "0x1F", "017", "1_000", "1.5", "1e3",
	".inf", "true", "yes", "off", "null", "~", "2020-01-01", "2020-1-1 1:2:3",
	"12:30", "1:60", "<<", "=", "---", "...", "--- a", "1e400", "\n", "a\n\n"}

// Letters and numbers where the order of keys does not depend on Go's chance.
var yamlKeys = []string{"a", "a1", "a9", "a10", "a01", "Z", "é", "_", "-x",
	"/", "? a", "{a", "9", "10", "true", "2020-01-01", "x\ny"}

func (g *generator) yamlValue(depth int) any {
	switch kind := g.below(8); {
	case depth == 0 || kind < 3:
		if g.below(3) == 0 {
			return g.one(yamlTexts...)
		}
		return g.some(1, 12, yamlParts)
	case kind == 3:
		return []any{nil, true, 1.5, 1e21, -7, 0.1}[g.below(6)]
	case kind < 6:
		list := []any{}
		for n := g.below(4); n > 0; n-- {
			list = append(list, g.yamlValue(depth-1))
		}
		return list
	}
	object := map[string]any{}
	for n := g.below(4); n > 0; n-- {
		object[g.one(yamlKeys...)] = g.yamlValue(depth - 1)
	}
	return object
}

func (g *generator) yamlText() {
	value := g.yamlValue(4)
	encoded, _ := json.Marshal(value)
	text, err := yaml.JSONToYAML(encoded)
	g.add("yaml.marshal", string(text), err, value)
}

var templateParts = []string{"x", "{{.a}}", "{{.n}}", "{{.l}}", "{{.o.k}}",
	"{{range .l}}[{{.}}]{{end}}", "{{if .t}}yes{{else}}no{{end}}",
	"{{with .o}}{{.k}}{{end}}", "{{len .l}}", "{{index .l 1}}",
	`{{printf "%v-%s" .n .a}}`, "{{- .a -}}", " ", `{{.a | printf "%q"}}`,
	`{{eq .a "x"}}`, "{{and .t .f}}", "{{or .f .a}}", "{{not .t}}",
	"{{$x := .a}}{{$x}}", "{{range $i, $e := .l}}{{$i}}={{$e}},{{end}}",
	"{{range $k, $v := .o}}{{$k}}:{{$v}};{{end}}", "{{/* c */}}",
	"{{html .h}}", "{{js .h}}", "{{urlquery .h}}", "{{print .n .n}}",
	"{{println .a}}", "{{slice .a 0 1}}", `{{define "d"}}D{{.}}{{end}}`,
	`{{template "d" .a}}`, `{{block "e" .n}}E{{.}}{{end}}`, "{{", "}}",
	"{{end}}", "{{.u}}", "{{.d}}", `{{index .o "k"}}`, "{{lt 1 2}}",
	"{{gt .n 1}}", "{{break}}", "{{range .e}}x{{else}}none{{end}}",
	"{{ne 1 1}}", "{{.n.x}}", "{{nil}}", "{{1.5}}", "{{'a'}}", "{{`r`}}",
	"{{0x1F}}", "{{.o}}", "{{len .a}}", "{{len .n}}", "{{index .l 9}}",
	`{{if and .t (eq .a "x y")}}both{{end}}`}

const templateData = `{"a": "x y", "n": 12.5, "l": ["p", "q", 3], "t": true,
	"o": {"k": "v", "z": null, "b": true}, "f": false, "u": null, "d": 1e3,
	"h": "<a href='x'>&\"</a>", "e": []}`

func (g *generator) template() {
	var data map[string]any
	decoder := json.NewDecoder(strings.NewReader(templateData))
	decoder.UseNumber()
	if err := decoder.Decode(&data); err != nil {
		panic(err)
	}
	text := g.some(1, 4, templateParts)
	var out strings.Builder
	parsed, err := template.New("template").Parse(text)
	if err == nil {
		err = parsed.Execute(&out, data)
	}
	g.add("strings.render_template", out.String(), err, text, data)
}
