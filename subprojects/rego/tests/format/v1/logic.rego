# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
package samples.logic
import future.keywords.or
import future.keywords.and
import future.keywords.not
a if input.x   and (input.y or input.z)
b if ( input.x and input.y )   or input.z
c if { input.x and
input.y and
# why
input.z }
d if { {x:=input.a
x>1} or {input.b;input.c} }
e if not {input.x;input.y}
f if not (input.x or input.y)
g if ({input.x}|{1}) == input.y and input.z
h if input.a and not input.b with input.c as 1
i if ({1} | {input.x}) = input.y and not ({2} | {3}) = input.y
