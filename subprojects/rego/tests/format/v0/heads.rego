# SPDX-FileCopyrightText: The ACGS authors
# SPDX-License-Identifier: Apache-2.0
package samples.heads
import data.x
import future.keywords.in
default  a=false
a { input.x;input.y }
b[x] { x:=input.xs[_] } { x = input.ys[_] }
c[k]=v { v=input.m[k] }
d=1{ input.z } else=2 { input.w }
e(x)=y{ y=x+1 }
f[x]{ x in input.xs }
g { not input.x   with input.y as 2 }
h = { "a" : [ 1 , 2,
  3 ] }
i.j
i["k"] = 2
