#!/bin/sh
# SPDX-License-Identifier: ISC
# The library's pages and its headers say the same; libcrm(3) shows the very
# program that tests/extern builds and serves; all pages are sound mdoc.
set -eu
: "${srcdir:=.}" "${AWK:=awk}"
LC_ALL=C
export LC_ALL
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

result() {	# WORDS: of the last command
	if [ "$2" -eq 0 ]; then
		echo "ok $1"
	else
		echo "not ok $1"
		failed=1
	fi
}

# Prototypes of headers, one a line: type, name(arguments), no spaces.
of_headers() {
	cat "$srcdir"/lib/crm/*.h | "$AWK" '
	/^#/ {
		while (/\\$/)
			getline
		next
	}
	{ all = all " " $0 }
	END {
		while (match(all, /\/\*([^*]|\*+[^*\/])*\*+\//))
			all = substr(all, 1, RSTART - 1) " " \
			    substr(all, RSTART + RLENGTH)
		while (match(all, /(struct|enum)[ \t]+[a-z_]+[ \t]*[{][^}]*[}]/))
			all = substr(all, 1, RSTART - 1) " " \
			    substr(all, RSTART + RLENGTH)
		gsub(/__attribute__\(\([^;]*\)\)/, "", all)
		count = split(all, part, ";")
		for (i = 1; i <= count; i++) {
			gsub(/[ \t]/, "", part[i])
			if (part[i] ~ /^[^(]*crm_[a-z0-9_]+\(.*\)$/ &&
			    part[i] !~ /^typedef/)
				print part[i]
		}
	}' | sort
}

# The same from the pages' synopses.
of_pages() {
	cat "$srcdir"/man/crm_*.3 | "$AWK" '
	/^\.Ft/ { type = $0; sub(/^\.Ft /, "", type) }
	/^\.Fn crm_[a-z0-9_]+ void$/ && type != "" {
		put(type $2 "(void)")
		type = ""
	}
	/^\.Fo/ { line = type $2 "("; more = 0; type = "" }
	/^\.Fa "/ && line != "" {
		text = $0
		sub(/^\.Fa /, "", text)
		line = line (more++ ? "," : "") text
	}
	/^\.Fc/ { put(line ")"); line = "" }
	function put(text)
	{
		gsub(/[ \t"]/, "", text)
		print text
	}' | sort
}

of_headers >"$work/headers"
of_pages >"$work/pages"
[ "$(wc -l <"$work/headers")" -gt 100 ] || failed=1
diff "$work/headers" "$work/pages" && status=0 || status=1
result 'each function has its page, and each page its function' $status

# example N FILE: the page's n-th literal block is the file, save its first
# line.
example() {
	sed 1d "$srcdir/tests/extern/$2" >"$work/file"
	"$AWK" -v n="$1" '/^\.Bd/ { if (++i == n) on = 1; next }
	    /^\.Ed/ { on = 0 } on' "$srcdir/man/libcrm.3" |
	    sed 's/^\\&//; s/\\e/\\/g' >"$work/block"
	diff "$work/file" "$work/block" && status=0 || status=1
	result "libcrm(3) shows $2" $status
}

example 1 hello.c
example 2 hello.sql
example 3 Makefile
example 4 role.sql
example 6 nginx.conf.in

if command -v mandoc >/dev/null; then
	mandoc -Tlint -Wwarning "$srcdir"/man/*.[1-8] && status=0 || status=1
	result 'the pages are sound' $status
fi

# What a page refers to is ours, or one of those of the parts we stand on.
cat "$srcdir"/man/*.[1-8] | "$AWK" '/^\.Xr/ { print $2 "." $3 }' | sort -u |
    grep -Evx '(multiwatch|pkg-config|psql|spawn-fcgi)\.1|dlopen\.3' |
    grep -Evx '(cron|nginx)\.8' |
    grep -vx duka-problems.7 | while read -r page; do
	[ -e "$srcdir/man/$page" ] || echo "$page"
done >"$work/lost"
[ ! -s "$work/lost" ] && status=0 || status=1
sed 's/^/# there is no page /' "$work/lost"
result 'the pages refer to pages that are there' $status
exit $failed
