package q
out := [got | some c in data.cases; got := data.acgs.main.decision with input as c.input with time.now_ns as c.now]
