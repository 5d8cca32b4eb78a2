-- wrk: posts the lines of a file, one after the other, each thread from a place of its own; PAUSE: milliseconds before each request.
local bodies = {}
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
local pause = tonumber(os.getenv("PAUSE") or "0")
local at = tonumber(os.getenv("START") or "0")
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

function request()
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at])
end

function delay()
  return pause
end

function done(summary, latency, requests)
  io.write(string.format("RESULT %.1f %.1f %.1f %d %d\n", latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.requests / (summary.duration / 1e6), summary.requests,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
