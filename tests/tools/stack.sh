# SPDX-License-Identifier: ISC
# The private stack itself, and what nginx answers without any program.

one=$work/stack-one two=$work/stack-two
check 'start' tools/stack "$one" start --fsync off
check 'status' tools/stack "$one" status
check 'start again' tools/stack "$one" start --fsync off
check 'a second one beside it' tools/stack "$two" start --fsync off \
    --hosts 'shop.example 127.0.0.1'
# shellcheck disable=SC1091
. "$one/env"

# answers STATUS TYPE WORDS CURL-ARGUMENTS...
answers() {
	wanted="$1 $2" words="nginx: $3"
	shift 3
	got=$(curl -s -k -o "$output" -w '%{http_code} %{content_type}' \
	    "$@" || :)
	[ "$got" = "$wanted" ] && result 0 "$words" ||
	    { echo "got $got" >>"$output"; result 1 "$words"; }
}
problem=application/problem+json
long=$(head -c 40000 /dev/zero | tr '\0' a)
for area in $(cd "$DUKA_BIN" && ls | grep -x '[a-z]*' | grep -vx courier); do
	answers 200 application/json "$area is alive" \
	    "$DUKA_HTTP/api/$area/alive"
	answers 200 application/json "$area reaches the database" \
	    "$DUKA_HTTPS/api/$area/health"
done
answers 302 text/html 'the first page leads to the contract' "$DUKA_HTTP/"
answers 404 $problem 'no such page' "$DUKA_HTTP/nothing"
answers 404 $problem 'no such page by POST' -X POST "$DUKA_HTTP/nothing"
answers 400 $problem 'too long an address' "$DUKA_HTTP/$long"
answers 400 $problem 'too long a header' -H "X-A: $long" "$DUKA_HTTP/x"
answers 400 $problem 'a zero byte' "$DUKA_HTTP/%00"
answers 400 $problem 'HTTP at the TLS port' \
    "http://127.0.0.1:${DUKA_HTTPS##*:}/"
answers 400 $problem 'a transfer encoding that is none' -X POST -d x \
    -H 'Transfer-Encoding: gzip' "$DUKA_HTTP/api/catalog/products"
head -c 70000 /dev/zero >"$work/large"
answers 413 $problem 'too large a body' --data-binary "@$work/large" \
    "$DUKA_HTTP/api/catalog/products"
answers 404 $problem 'out of a folder' --path-as-is \
    "$DUKA_HTTP/media../nginx/nginx.conf"
answers 400 $problem 'out of a folder by dots' --path-as-is \
    "$DUKA_HTTP/media/../../nginx/nginx.conf"
answers 404 $problem 'its own error pages' "$DUKA_HTTP/problems/internal"
says X-Request-Id 'each answer has its id' curl -si "$DUKA_HTTP/x"

same_id() {
	curl -si "$DUKA_HTTP/x" | tr -d '\r' | awk '
	    tolower($1) == "x-request-id:" { id = $2 }
	    /requestId/ { found = id != "" && index($0, id) }
	    END { exit !found }'
}
check 'the same in header and body' same_id

# Requests for hosts that aren't the shop's, where it says which are.
other=http://127.0.0.1:$(cut -d' ' -f1 "$two/ports")
answers 404 $problem 'a host of ours' -H 'Host: shop.example' "$other/x"
refuse 52 'another host is dropped' curl -s -H 'Host: evil.example' \
    "$other/x"
answers 404 $problem 'any host where none is named' \
    -H 'Host: any.example' "$DUKA_HTTP/x"
refuse 2 'duka-nginx refuses what would break out of its files' \
    tools/duka-nginx -n 'a|b' "$work/nginx"

# A crash of all its workers and of one part of the stack.
parent=$(cut -d' ' -f1 "$one/proc/catalog")
for worker in $(cat "/proc/$parent/task/$parent/children"); do
	kill -KILL "$worker"
done
sleep 0.3
answers 200 application/json 'workers come back after kill -9' \
    "$DUKA_HTTP/api/catalog/alive"
check 'restart-workers' tools/stack "$one" restart-workers
answers 200 application/json 'and they answer' \
    "$DUKA_HTTP/api/catalog/alive"
check 'reload' tools/stack "$one" reload
check 'database crash' tools/stack "$one" database crash
answers 503 $problem 'without the database' "$DUKA_HTTP/api/catalog/health"
refuse 1 'status says what is down' tools/stack "$one" status
check 'database start' tools/stack "$one" database start
answers 200 application/json 'with the database again' \
    "$DUKA_HTTP/api/catalog/health"

parent=$(cut -d' ' -f1 "$one/proc/catalog")
# shellcheck disable=SC2046
kill -KILL "$parent" $(cat "/proc/$parent/task/$parent/children")
sleep 0.3
answers 503 $problem 'without an area' "$DUKA_HTTP/api/catalog/alive"
says Retry-After 'and when to come again' \
    curl -si "$DUKA_HTTP/api/catalog/alive"
check 'start what is down' tools/stack "$one" start
answers 200 application/json 'it is back' "$DUKA_HTTP/api/catalog/alive"

# A number used again by a stranger is left alone.
check 'stop' tools/stack "$two" stop
sleep 60 &
stranger=$!
echo "$stranger 1" >"$two/proc/catalog"
check 'stop again' tools/stack "$two" stop
check 'a stranger with the same number lives' kill -0 $stranger
kill $stranger

check 'the other stack still stands' tools/stack "$one" status
check 'stop' tools/stack "$one" stop
refuse 1 'status after stop' tools/stack "$one" status
nobody() {
	! grep -lszF "DUKA_WORKER_OF=$one" /proc/[0-9]*/environ
}
check 'no process is left' nobody

# As if the power had failed while the cluster was made.
half=$work/stack-half
mkdir -p "$half/pg.new"
echo 15 >"$half/pg.new/PG_VERSION"
check 'a half made cluster is made again' tools/stack "$half" start \
    --fsync off --no-programs
check 'stop' tools/stack "$half" stop

# Deeper than a socket's name may be.
deep=$work/stack-$(head -c 100 /dev/zero | tr '\0' d)
check 'start in a deep folder' tools/stack "$deep" start --fsync off \
    --no-programs
# shellcheck disable=SC1091
check 'its database answers' sh -c '. "$1/env"; psql -X -c "select 1"' \
    sh "$deep"
check 'stop' tools/stack "$deep" stop

# Servers run as other users than root.
if [ "$(id -u)" -eq 0 ]; then
	mkdir -m 700 "$work/closed"
	mkdir "$work/closed/stack"
	refuse 3 'a closed folder above is found out' \
	    tools/stack "$work/closed/stack" start --no-programs
	says "closed: $work/closed" 'and named' \
	    tools/stack "$work/closed/stack" start --no-programs
	check 'before anything is made' test ! -e \
	    "$work/closed/stack/pg/PG_VERSION"
fi
refuse 2 'wrong usage' tools/stack "$one" jump
refuse 2 'an option that is none' tools/stack "$one" start --speed 2
