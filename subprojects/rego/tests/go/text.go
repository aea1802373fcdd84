// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

var numbers = []string{"0", "1", "-1", "-0", "65", "255", "-255", "128512",
	"9223372036854775807", "-9223372036854775808", "9223372036854775808",
	"-123456789012345678901234567890", "1.5", "-1.5", "0.1", "1e3", "1e21",
	"-2.5e-7", "1e308", "5e-324", "123456.789", "1.0", "-0.0"}

var letters = []string{"a", "B", "é", "É", "ß", "İ", "ǅ", " ", "\t", "\u00a0",
	"\u2003", "σ", "Σ", "😀", "x", "K", "\u0085", "\n", "1", "<", "&", "\\",
	"\"", "`", "\u2028", "\u0001", "\u007f", "\ufeff"}

// A number as OPA hands it to Sprintf.
func goNumber(text string) any {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	if n, ok := new(big.Int).SetString(text, 10); ok {
		return n
	}
	f, _ := strconv.ParseFloat(text, 64)
	return f
}

// One verb with flags, width, precision and index. %p and %w of a big.Int
// show what Go holds in memory.
func (g *generator) verb() string {
	verb := "%"
	for _, flag := range []string{"+", "-", "#", " ", "0"} {
		if g.below(5) == 0 {
			verb += flag
		}
	}
	verb += g.one("", "", "", "", "", "[1]", "[2]", "[x]")
	verb += g.one("", "", "", "7", "12", "*")
	verb += g.one("", "", "", ".", ".3", ".10", ".*")
	return verb + string("vdbcoOqxXUeEfFgGsTt%z"[g.below(21)])
}

func (g *generator) format() {
	format := ""
	var values []any
	args := []any{}
	for n := 1 + g.below(2); n > 0; n-- {
		format += g.one("", "x", "é") + g.verb()
	}
	for n := g.below(4); n > 0; n-- {
		if g.below(3) == 0 {
			text := g.some(0, 3, letters)
			values, args = append(values, text), append(args, text)
		} else {
			text := g.one(numbers...)
			values = append(values, goNumber(text))
			args = append(args, json.Number(text))
		}
	}
	g.add("sprintf", fmt.Sprintf(format, values...), nil, format, args)
}

func (g *generator) text() {
	s, t, with := g.some(0, 8, letters), g.some(0, 2, letters), g.some(0, 2, letters)
	g.add("upper", strings.ToUpper(s), nil, s)
	g.add("lower", strings.ToLower(s), nil, s)
	g.add("trim_space", strings.TrimSpace(s), nil, s)
	g.add("trim", strings.Trim(s, t), nil, s, t)
	g.add("trim_left", strings.TrimLeft(s, t), nil, s, t)
	g.add("trim_right", strings.TrimRight(s, t), nil, s, t)
	g.add("trim_prefix", strings.TrimPrefix(s, t), nil, s, t)
	g.add("trim_suffix", strings.TrimSuffix(s, t), nil, s, t)
	g.add("replace", strings.ReplaceAll(s, t, with), nil, s, t, with)
	g.add("split", strings.Split(s, t), nil, s, t)
	g.add("contains", strings.Contains(s, t), nil, s, t)
	g.add("strings.count", strings.Count(s, t), nil, s, t)
	n := new(big.Int).Rand(g.random, new(big.Int).Lsh(big.NewInt(1), 80))
	for _, base := range []int{2, 8, 10, 16} {
		g.add("format_int", n.Text(base), nil, json.Number(n.String()), base)
	}
}

var patterns = []string{"a", "b", ".", `\d`, `\w+`, "[a-c]", "[^a]", "(a|b)",
	"(?:x)", "a*", "b+?", "c{2}", "c{1,3}", "^", "$", `\b`, "(?i)", "(?P<n>a)",
	`\pL`, "é", "[[:alpha:]]", `\x41`, `\Qa.b\E`, "(", "[", "*", `\z`, `\A`,
	"|", "(?s).", "a{,2}", `\p{Greek}`, `\C`, `\1`, "(?=a)", "a**", "[b-a]",
	`\`, "(?m)^a", "(?U)a+", "(a)(b)?", `[\d-z]`, "a{1001}", "😀"}

var subjects = []string{"", "a", "abc", "aabbcc", "xaxbxc", "a.b", "éa", "aé😀b",
	"A1b2", "foo bar baz", "cccc", "line\nabc\n", "ab ab", "αβγ", "-"}

var errPattern = errors.New("no pattern")

func (g *generator) regex() {
	pattern, s := g.some(1, 4, patterns), g.one(subjects...)+g.one(subjects...)
	with := g.one("", "x", "$1", "${n}", "$n", "$1x", "${1}x", "$$", "$", "${", "$é")
	r, err := regexp.Compile(pattern)
	g.add("regex.is_valid", err == nil, nil, pattern)
	if err != nil {
		g.add("regex.match", nil, errPattern, pattern, s)
		return
	}
	n := g.below(5) - 1
	found := append([]string{}, r.FindAllString(s, n)...)
	groups := append([][]string{}, r.FindAllStringSubmatch(s, n)...)
	g.add("regex.match", r.MatchString(s), nil, pattern, s)
	g.add("regex.find_n", found, nil, pattern, s, n)
	g.add("regex.find_all_string_submatch_n", groups, nil, pattern, s, n)
	g.add("regex.split", r.Split(s, -1), nil, pattern, s)
	g.add("regex.replace", r.ReplaceAllString(s, with), nil, s, pattern, with)
}

func (g *generator) url() {
	s := g.some(0, 7, []string{"a", "b", "=", "&", "%20", "+", ";", "%", "%zz",
		"é", " ", "/", "%C3%A9", "?", "#", "1", "%ff", "\""})
	g.add("urlquery.encode", url.QueryEscape(s), nil, s)
	decoded, err := url.QueryUnescape(s)
	if !utf8.ValidString(decoded) {
		return // JSON could not say what came out
	}
	g.add("urlquery.decode", decoded, err, s)
	query, err := url.ParseQuery(s)
	g.add("urlquery.decode_object", query, err, s)
}

// A text with a character more, less or another; often as it was.
func (g *generator) changed(s string) string {
	if len(s) == 0 || g.below(3) > 0 {
		return s
	}
	at := g.below(len(s))
	switch g.below(3) {
	case 0:
		return s[:at] + s[at+1:]
	case 1:
		return s[:at] + g.one("=", "0", "Z", "\n", "\\", "\"") + s[at:]
	default:
		return s + g.one("=", "0", " ")
	}
}

func (g *generator) encoding() {
	s := g.some(0, 6, letters)
	quoted, _ := json.Marshal(s)
	g.add("json.marshal", string(quoted), nil, s)
	text := g.changed(string(quoted))
	if utf8.ValidString(text) {
		var v string
		err := json.Unmarshal([]byte(text), &v)
		g.add("json.unmarshal", v, err, text)
	}
	text = g.changed(base64.StdEncoding.EncodeToString([]byte(s)))
	decoded, err := base64.StdEncoding.DecodeString(text)
	g.add("base64.is_valid", err == nil, nil, text)
	if utf8.Valid(decoded) {
		g.add("base64.decode", string(decoded), err, text)
	}
	text = g.changed(hex.EncodeToString([]byte(s)))
	decoded, err = hex.DecodeString(text)
	if utf8.Valid(decoded) {
		g.add("hex.decode", string(decoded), err, text)
	}
}
