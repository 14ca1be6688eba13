# SPDX-License-Identifier: ISC
# What the quickstart refuses before it builds anything.  (That it makes a
# shop is for whoever has half a minute, and an empty Debian, to see.)

# A copy of what is needed up to there.
shop=$work/shop
mkdir -p "$shop" "$work/with space"
cp -R quickstart tools "$shop"
cp quickstart "$work/with space"
says 'only letters, digits' 'a folder with a space in its name' \
    "$work/with space/quickstart"
check 'before anything is made' test ! -e "$work/with space/var"
refuse 1 'nothing to stop' "$shop/quickstart" stop
refuse 2 'wrong usage' "$shop/quickstart" jump
refuse 1 'a port that is none' env DUKA_PORT=http "$shop/quickstart"
refuse 1 'a port above all' env DUKA_PORT=65536 "$shop/quickstart"

says 'another quickstart is at work' 'two at once in one folder' \
    flock "$shop/var/lock" "$shop/quickstart"

# Another shop listens there.
tools/stack "$work/stack-q" start --fsync off
read -r port tls_port <"$work/stack-q/ports"
says "port $port is taken" 'a port that is taken' \
    env DUKA_PORT="$port" "$shop/quickstart"
says "port $tls_port is taken" 'and the other one' env DUKA_PORT=1 \
    DUKA_TLS_PORT="$tls_port" "$shop/quickstart"
refuse 1 'a stack of its own finds it out too' tools/stack \
    "$work/stack-r" start --fsync off --port "$port" --tls-port 1
says "$port or 1 is taken" 'in plain words' tools/stack \
    "$work/stack-r" start --fsync off --port "$port" --tls-port 1
tools/stack "$work/stack-r" stop
tools/stack "$work/stack-q" stop

if [ "$(id -u)" -eq 0 ]; then
	chown nobody "$shop/var"
	says "this shop is nobody's" 'a shop of somebody else' \
	    "$shop/quickstart"
fi
