-- SPDX-FileCopyrightText: The ACGS authors
-- SPDX-License-Identifier: Apache-2.0
--
-- For wrk: 100,000 distinct inputs, one after the other, to the document that
-- the environment variable BENCH_PATH names.

local path = "/v1/data/" .. (os.getenv("BENCH_PATH") or "bench/allow")
local headers = { ["Content-Type"] = "application/json" }
local number = 0

request = function()
  number = (number + 1) % 100000
  local body = '{"input":{"method":"GET","role":"admin","n":' .. number .. '}}'
  return wrk.format("POST", path, headers, body)
end

done = function(summary, latency)
  local errors = summary.errors.status + summary.errors.connect
    + summary.errors.read + summary.errors.write + summary.errors.timeout
  io.write(string.format(
    "RESULT rps %.0f p50_ms %.3f p99_ms %.3f max_ms %.3f errors %d\n",
    summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, latency.max / 1000, errors))
end
