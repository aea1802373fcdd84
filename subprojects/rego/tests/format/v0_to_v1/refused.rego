# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
package samples.refused
import data.foo
import data.bar as foo
input = 1
f(data) = 2
a { input := 3 }
b { any([true]) }
