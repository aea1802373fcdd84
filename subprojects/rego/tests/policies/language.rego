# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
# The language by example; every test_ rule has to hold.
package language
import data.lib.helpers
import data.lib.helpers.f as double
import input.user as u
import data.base as base

test_import if helpers.f(2) == 4
test_alias if double(3) == 6
test_input_alias if { u.name == "bob" with input as {"user": {"name": "bob"}} }
test_g if [helpers.g(-1), helpers.g(0), helpers.g(1)] == ["neg","zero","pos"]
test_names if helpers.names == {"a","b"}
test_names2 if "a" in helpers.names
test_names3 if helpers.names["b"]
test_names4 if not helpers.names["c"]
test_cfg if helpers.cfg.a.b[count(helpers.cfg.a.b)-1] == 3
test_h if helpers.h({"a":1},"b") == "none"
test_nested if helpers.nested(4).v == 8
test_dyn if { some name; data.lib.helpers[name] == {"a","b"}; name == "names" }
test_dyn2 if { n := "cfg"; data.lib.helpers[n].a.b[0] == 1 }
test_with_rule if { x := allow with data.language.role as "admin"; x }
role := "user"
default allow := false
allow if role == "admin"
test_not_allow if not allow
test_not_with if { not allow with data.language.role as "nope" }
test_base if { base.x == 5 with data.base as {"x": 5} }
test_base2 if { data.base.y.z == 5 with data.base.y.z as 5 }
test_compr if { xs := [1,2,3]; count({x | some x in xs; helpers.f(x) > 2}) == 2 }
test_idx if { some i; ["a","b"][i] == "b"; [1,2][i] == 2 }
test_objc if { obj := {"_a": 1, "b": 2}; {k: v | v := obj[k]; not startswith(k, "_")} == {"b": 2} }
test_lit if {"a": helpers.f(1)}.a == 2
test_call_ref if object.union({"a":1}, {"x": 1}).x == 1
test_not_in if not 4 in [1,2]
test_kv_in if "a", 1 in {"a": 1}
test_false if { not fal }
fal := false
test_setops if { {1,2} - {2} == {1}; {1} | {2} == {1,2}; {1,2} & {2} == {2} }
test_every if { every i, x in [1,2] { x == i + 1 } }
test_every2 if { every x in [[1],[2]] { every y in x { y > 0 } } }
test_every_in_compr if { [x | some x in [[1,2],[3,-4]]; every y in x { y > 0 }] == [[1,2]] }
test_multi[msg] if { msg := "x" }
test_obj_pattern if { {"a": x, "b": [y, _]} = {"a": 1, "b": [2, 3]}; x + y == 3 }
test_arr_pattern if { [a, [b, c]] := [1, [2, 3]]; a+b+c == 6 }
test_shadow if { role := 5; role == 5 }
test_some_shadow if { some role in [7]; role == 7 }
grants[user] contains r if { some b in data.bindings; user := b.u; r := b.r }
test_grants if { grants["bob"] == {"x","y"} with data.bindings as [{"u":"bob","r":"x"},{"u":"bob","r":"y"},{"u":"al","r":"z"}] }
test_grants2 if { "z" in grants.al with data.bindings as [{"u":"bob","r":"x"},{"u":"al","r":"z"}] }
test_grants3 if { not grants.zed with data.bindings as [{"u":"bob","r":"x"},{"u":"al","r":"z"}] }
lvl := n if { n := 1; false } else := n if { n := 2 } else := 3
test_else if lvl == 2
test_str if sprintf("%s-%d-%v", ["a", 1, {"x": [1]}]) == "a-1-{\"x\": [1]}"
test_num if { 0.1 + 0.2 == 0.3; 10 / 4 == 2.5; 7 % 3 == 1; 1e3 == 1000 }
test_walk2 if { some path, v; walk({"a": {"b": 1}}, [path, v]); v == 1; path == ["a","b"] }
test_mock if { count_things with count as fake }
fake(_) := 99
count_things if count([]) == 99
test_mock_local if { count := 3; fake_of(1) == 3 with fake_of as count }
test_mock_arg if { mocked(3) == 3 }
mocked(count) := x if { x := fake_of([1]) with fake_of as count }
fake_of(x) := x
test_mock2 if { x := ext("a") with http.send as {"status": 200}; x == 200 }
ext(url) := http.send({"method":"get","url":url}).status
ref_head.sub if true
test_ref_head if ref_head.sub
p.q.r[x] := y if some x, y in {"a": 1}
test_refs if { p.q.r.a == 1; p.q == {"r": {"a": 1}} }
test_raw if `a\b` == "a\\b"
test_in_every_with if { every r in ["a"] { allow2(r) with input as {"r": ["a"]} } }
allow2(r) if r in input.r
test_partial_eq if { some x; grants2[x]; x == "k" }
grants2["k"] := true
test_opt if object.get({"a": null}, "a", 1) == null
test_graph if graph.reachable({"a":["b"],"b":[]}, ["a"]) == {"a","b"}
test_time if time.parse_rfc3339_ns("1970-01-01T00:00:01Z") == 1000000000
test_not_bound if { x := 1; not x == 2 }
test_nested_not if { not any_neg([1,2]) }
any_neg(xs) if { some x in xs; x < 0 }
test_arith_prec if 1 + 2 * 3 - 4 / 2 == 5
test_neg if { x := -5; abs(x) == 5; 3 - -2 == 5 }
test_multi_value_assign if { a := 1; b := a + 1; c := b + 1; c == 3 }
test_set_of_arr if { s := {[1, "a"], [2, "b"]}; some k; s[[k, "b"]]; k == 2 }
