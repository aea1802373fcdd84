// SPDX-FileCopyrightText: The ACGS authors
// SPDX-License-Identifier: Apache-2.0

// Calls of built-ins with what Go answers: OPA's built-ins on text, time and
// documents are thin covers of Go's standard library and of a few others, so
// those are the reference. Usage: main SEED COUNT > cases.json; compare.rego
// then says where ours differ.
//
// Left out is what depends on Go's version or is a mistake of a library:
// groups named as (?<name>, lenient zones, a glob's wildcards within braces.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"
)

// A call and its answer, or that it fails.
type call struct {
	Name  string `json:"name"`
	Args  []any  `json:"args"`
	Want  any    `json:"want"`
	Fails bool   `json:"fails"`
}

type generator struct {
	random *rand.Rand
	calls  []call
}

func (g *generator) below(n int) int { return g.random.Intn(n) }

func (g *generator) one(list ...string) string { return list[g.below(len(list))] }

// Up to most parts of the list, at least least of them, one after another.
func (g *generator) some(least, most int, list []string) string {
	text := ""
	for n := least + g.below(most-least+1); n > 0; n-- {
		text += g.one(list...)
	}
	return text
}

func (g *generator) add(name string, want any, err error, args ...any) {
	if err != nil {
		want = nil
	}
	g.calls = append(g.calls, call{name, args, want, err != nil})
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: main SEED COUNT")
		os.Exit(2)
	}
	seed, _ := strconv.ParseInt(os.Args[1], 10, 64)
	count, _ := strconv.Atoi(os.Args[2])
	g := &generator{random: rand.New(rand.NewSource(seed))}
	for i := 0; i < count; i++ {
		g.format()
		g.text()
		g.regex()
		g.url()
		g.encoding()
		g.time()
		g.address()
		g.template()
		g.glob()
		g.yaml()
		g.yamlText()
		g.schema()
		g.certificate()
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	if err := out.Encode(map[string]any{"cases": g.calls}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
