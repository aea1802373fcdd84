# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
# Version 0 of the language by example.
package v0
import future.keywords.in
default allow = false
allow { input.x == 1 }
allow { input.x == 2 } { input.x == 3 }
deny[msg] { msg := "no"; not allow }
f(x) = y { y := x + 1 }
g(1) = "one"
g(2) = "two" { true }
o[k] = v { v := {"a": 1}[k] }
p = 1 { false } else = 2 { true }
test_allow { allow with input as {"x": 3} }
test_deny { deny["no"] with input as {"x": 5} }
test_f { f(1) == 2; g(1) == "one"; g(2) == "two" }
test_o { o.a == 1 }
test_p { p == 2 }
test_in { 1 in [1] }
test_any { any([true, false]); all([true]) }
test_re { re_match("a", "cat") }
