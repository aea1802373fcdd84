# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
# The language by example: what the other file imports.
package lib.helpers
f(x) := x * 2
g(x) := "neg" if x < 0
g(x) := "zero" if x == 0
g(x) := "pos" if x > 0
names contains n if some n in ["a","b"]
cfg := {"a": {"b": [1,2,3]}}
h(obj, key) := v if { v := obj[key] } else := "none"
nested(x) := y if { y := {"v": f(x)} }
