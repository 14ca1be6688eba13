#!/bin/sh
# SPDX-License-Identifier: ISC
# tools/problems.awk: what it makes, and what it refuses.
set -eu
: "${srcdir:=.}" "${AWK:=awk}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

make_it() {	# MODE
	LC_ALL=C "$AWK" -v mode="$1" -f "$srcdir/tools/problems.awk" \
	    "$work/list" >"$work/out" 2>"$work/err"
}

expect() {	# MODE PATTERN: its output has a line with it
	if make_it "$1" && grep -Eq -- "$2" "$work/out"; then
		echo "ok $1 has $2"
	else
		echo "not ok $1 lacks $2"
		failed=1
	fi
}

refuse() {	# WORDS, of the list on standard input
	cat >"$work/list"
	if ! make_it table && grep -q -- "$1" "$work/err"; then
		echo "ok refused: $1"
	else
		echo "not ok not refused: $1"
		failed=1
	fi
}

cat >"$work/list" <<'LIST'
# a remark
OUT_OF_STOCK	409  -      stock_not_negative  Not "enough" in stock
OUT_OF_STOCK	...  UK777  -
GONE		410  -      -                   Where is it?
LIST
expect header '^	CRM_OUT_OF_STOCK,$'
expect header '^	CRM_GONE$'
expect table '"out-of-stock", 409, NULL, "stock_not_negative",$'
expect table 'Not \\"enough\\" in stock'
expect table '\{ NULL, "stock_not_negative", CRM_OUT_OF_STOCK \}'
expect table '\{ "UK777", NULL, CRM_OUT_OF_STOCK \}'
expect man '^Not "enough" in stock\.$'
expect man '^Where is it\?$'
expect json '"code": "GONE", "type": "/problems/gone", "status": 410'

refuse "has a status already" <<'LIST'
GONE 410 - - It is gone
GONE 404 - - It is gone
LIST
refuse "no line with its status" <<'LIST'
GONE ... UK777 -
LIST
refuse "stands for GONE already" <<'LIST'
GONE 410 UK777 - It is gone
LOST 410 UK777 - It is lost
LIST
refuse "not the status" <<'LIST'
GONE 200 - - It is gone
LIST
refuse "not a SQLSTATE" <<'LIST'
GONE 410 UK77 - It is gone
LIST
refuse "has no title" <<'LIST'
GONE 410 - -
LIST
refuse "not a problem's name" <<'LIST'
gone 410 - - It is gone
LIST
exit $failed
