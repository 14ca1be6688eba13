#!/bin/sh
# SPDX-License-Identifier: ISC
# What libcrm.so shows is what its headers declare: nothing stale in
# lib/crm.exports, nothing declared that the library lacks.
set -eu
: "${srcdir:=.}" "${AWK:=awk}"
LC_ALL=C
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

same() {	# WORDS FILE
	if diff "$work/declared" "$2" >"$work/diff"; then
		echo "ok $1"
	else
		echo "not ok $1 (<: declared, >: $2)"
		cat "$work/diff"
		failed=1
	fi
}

cat "$srcdir"/lib/crm/*.h | "$AWK" -f "$srcdir/tools/exports.awk" |
    sort >"$work/declared"
[ "$(wc -l <"$work/declared")" -gt 100 ] || {
	echo 'not ok the headers declare hardly anything'
	exit 1
}
sort lib/crm.exports >"$work/listed"
same 'lib/crm.exports lists what the headers declare' "$work/listed"
if [ -f .libs/libcrm.so ] && command -v nm >/dev/null; then
	nm -D --defined-only .libs/libcrm.so | "$AWK" '$3 ~ /^crm_/ {
		sub(/@.*/, "", $3); print $3 }' | sort -u >"$work/shown"
	same 'libcrm.so shows them' "$work/shown"
fi
exit $failed
