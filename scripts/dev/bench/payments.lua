-- For wrk: sends each payment of a file once. The file has one JSON body a line.
--   wrk -t THREADS -c CONNECTIONS -d TIME -s payments.lua URL -- FILE THREADS
-- Each thread sends its share of the file and then stops, which sets "ran_out". The last line that wrk prints has the
-- figures as JSON.

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

function init(arguments)
  ran_out = false
  file = assert(io.open(arguments[1], "r"))
  local size = file:seek("end")
  local count = tonumber(arguments[2])
  last = math.floor(size / count * (number + 1))
  file:seek("set", math.floor(size / count * number))
  if number > 0 then
    file:read("*l") -- skip the rest of the previous share's last line
  end
  at = file:seek()
  head = "POST " .. wrk.path .. " HTTP/1.1\r\nHost: " .. wrk.headers["Host"]
    .. "\r\nContent-Type: application/json\r\nContent-Length: "
end

function request()
  local body = at < last and file:read("*l")
  if not body then
    ran_out = true
    wrk.thread:stop()
    return "GET /nodes HTTP/1.1\r\nHost: " .. wrk.headers["Host"] .. "\r\n\r\n"
  end
  at = at + #body + 1
  return head .. #body .. "\r\n\r\n" .. body
end

function done(summary, latency, requests)
  local out = false
  for _, thread in ipairs(threads) do
    out = out or thread:get("ran_out")
  end
  local errors = summary.errors
  print(string.format(
    '{"answers": %d, "seconds": %.6f, "p50_ms": %.3f, "p99_ms": %.3f, "max_ms": %.3f, "refused": %d, "broken": %d, "ran_out": %s}',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    latency.max / 1e3, errors.status, errors.connect + errors.read + errors.write + errors.timeout, tostring(out)))
end
