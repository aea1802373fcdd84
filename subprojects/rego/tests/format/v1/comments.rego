# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0

# METADATA
# title: comments
package samples.comments # behind the package



# above an import
import data.x # behind an import

# METADATA
# title: one
# METADATA
# title: two
a := [ # opening
  1, # first
  # between
  2
  # last
] # closing

b := [
  # alone
]

# above a rule

c if { # behind the brace
  # first of the body
  input.x # behind a literal

  # before the end
}
# above else
else := 2 if {
  input.y
}

d := {x: y |
  # in a comprehension
  some x, y in input.z # its body
}

f(x, # an argument
  y) := x + y

e := $"{# in a template
x}" if x := input.q # behind a body
# the end
