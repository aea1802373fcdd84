# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
package samples.convert
import future.keywords.in
import data.x
a[x] { x := input.xs[_] }
b = 2 { input.x in [1,2] }
c { input.y } else = false { input.z }
f(x) = x
d["k"]
import data.y
