-- SPDX-License-Identifier: ISC
-- What wrk asks:
--	get FILE		the paths in FILE, at random
--	token FILE PATH		PATH with each of FILE's tokens as Bearer
--	cart FILE PATH		PATH with each of FILE's tokens as Duka-Cart
--	order BASE METHOD	checks out the bench's carts from BASE on
-- and says it in one line: RESULT answers/s p50 p99 (ms) failures

local count, made = 0, 0
local asked, mode, base, body

-- Globals of each thread: which one it is, of how many.
function setup(thread)
	thread:set("number", made)
	thread:set("threads", 2)
	made = made + 1
end

local function lines(file)
	local found = {}
	for line in io.lines(file) do
		found[#found + 1] = line
	end
	return found
end

function init(args)
	mode = args[1]
	asked = {}
	if mode == "order" then
		base = tonumber(args[2])
		body = '{"email":"bench@example.org","payment_method":' ..
		    '"on_delivery","shipping_method_id":"' .. args[3] .. '"}'
		return
	end
	math.randomseed(os.time() + number)
	for _, line in ipairs(lines(args[2])) do
		local path, headers = args[3], {}
		if mode == "get" then
			path = line
		elseif mode == "token" then
			headers["Authorization"] = "Bearer " .. line
		else
			headers["Duka-Cart"] = line
		end
		asked[#asked + 1] = wrk.format("GET", path, headers)
	end
end

function request()
	if mode ~= "order" then
		return asked[math.random(#asked)]
	end
	local n = base + number + threads * count
	count = count + 1
	return wrk.format("POST", "/api/checkout", {
		["Duka-Cart"] = string.format("bench%020d", n),
		["Idempotency-Key"] = string.format("bench%020d", n),
		["Content-Type"] = "application/json" }, body)
end

function done(summary, latency)
	local e = summary.errors
	io.write(string.format("RESULT %.1f %.3f %.3f %d\n",
	    summary.requests / summary.duration * 1e6,
	    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
	    e.connect + e.read + e.write + e.status + e.timeout))
end
