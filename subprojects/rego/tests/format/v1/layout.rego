# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
package   samples.layout
import data.b
import data.a   # nearest
import rego.v1

import input.agent as who
default   allow=false
allow   if {input.x==1;input.y   in {1,2 , 3}}
allow if input.admin
deny contains   msg if { some   k , v
 in input.pairs
  msg:=sprintf("%v: %v",[k,
v]) }
limits:={"cpu":4,
"memory":{"min":1,"max":
8},"tags":["a","b"]}
area(w,h):=w*h
area(
  w,
) := w * w
total:=sum([x|some x in input.xs;x>0])
names contains name if {
name := input.users[_].name


not startswith(name,"_")
every c in ["a","b"]{contains(name,c)}
count(name)>3 with input.users as [] with data.x
as 1
}
level:=1 if {input.a} else:=2 if input.b else:=3
text:=$"a {1+2} b {"c"}"
minus:=-input.x
nested:=((1+2)*3)-(4-5)
odd[x].y if x:=input.z
