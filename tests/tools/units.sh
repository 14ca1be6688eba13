# SPDX-License-Identifier: ISC
# The systemd units: read by systemd, and narrow enough.

units=$work/units
mkdir "$units"
for unit in etc/systemd/duka*; do
	sed -e 's|@pkglibexecdir@|/bin|' -e 's|@sysconfdir@|/etc|' \
	    "$unit" >"$units/$(basename "$unit" .in)"
done
# An instance whose program and user this machine has.
for area in true; do
	for kind in service socket; do
		sed -e "s/%i/$area/g" -e 's/^User=.*/User=daemon/' \
		    -e 's/^Group=.*/Group=daemon/' \
		    -e "s/duka@$area/duka-$area/" "$units/duka@.$kind" \
		    >"$units/duka-$area.$kind"
	done
done
sed -i -e 's/^User=.*/User=daemon/' -e 's/^Group=.*/Group=daemon/' \
    -e 's|^ExecStart=.*|ExecStart=/bin/true|' "$units/duka-courier.service"

verified() {
	SYSTEMD_UNIT_PATH=$units: systemd-analyze verify --man=no \
	    "$units/duka-true.service" "$units/duka-true.socket" \
	    "$units/duka-courier.service" "$units/duka.target" \
	    >"$work/verify" 2>&1 || :
	# Of our own units only: others' may be odd on this machine.
	! grep "$units\|duka" "$work/verify"
}
exposed() {
	systemd-analyze security --offline=true --threshold="$1" "$2"
}
if command -v systemd-analyze >/dev/null; then
	check 'systemd reads the units' verified
	check 'a worker is narrow' exposed 11 "$units/duka-true.service"
	check 'the courier is narrow' exposed 20 \
	    "$units/duka-courier.service"
else
	result 1 'systemd-analyze is missing'
fi
every_area() {
	for file in cgi-bin/[a-z]*.c; do
		name=$(basename "$file" .c)
		case $name in
		*_*)	continue ;;
		esac
		grep -q "^u duka_$name " etc/systemd/duka.sysusers ||
		    { echo "$name"; return 1; }
	done
}
check 'every area has its user' every_area
whose_jobs() {
	for user in $(awk '$1 ~ /^[0-9]/ { print $6 }' etc/duka.cron); do
		grep -q "^u $user " etc/systemd/duka.sysusers ||
		    { echo "$user"; return 1; }
	done
}
check 'cron runs its jobs as users that are there' whose_jobs
every_location() {
	for file in cgi-bin/[a-z]*.c; do
		name=$(basename "$file" .c)
		case $name in
		*_*)	continue ;;
		esac
		grep -q "^@EACH .*\<$name\>" nginx/duka.conf.in &&
		    grep -q "fastcgi_pass duka_$name" nginx/duka.conf.in ||
		    { echo "$name"; return 1; }
	done
}
check 'every area has its place in nginx' every_location
