#!/bin/sh
# SPDX-License-Identifier: ISC
# Prepares a checkout for ./configure.  `autogen.sh --list` (the build calls
# it) only looks whether files came or went, and if so renews the list.
set -eu
unset CDPATH
cd "$(dirname "$0")"

# What git knows, or in an exported tree what lies there.
tree() {
	if [ -e .git ] && git ls-files --error-unmatch autogen.sh \
	    >/dev/null 2>&1; then
		git ls-files
	else
		find . -type f | sed 's|^\./||' | grep -Ev \
		    '^(\.git|var|build|build-aux|m4|autom4te\.cache)/' |
		    grep -Ev '(^|/)node_modules/|~$' | grep -Evx \
		    '(aclocal.m4|configure|Makefile.in|config.h.in|sources.mk)'
	fi | LC_ALL=C sort | while read -r file; do
		[ ! -f "$file" ] || printf '%s\n' "$file"
	done
}

# variable NAME PATTERN: a make variable of the files that match.
variable() {
	printf '%s =' "$1"
	grep -E "$2" "$list" | while read -r file; do
		printf ' \\\n\t%s' "${3-}$file"
	done
	printf '\n\n'
}

# program DIRVARIABLE FILE: one program made of FILE.c and FILE_*.c.  What is
# a command is built beside the other commands.
program() {
	stem=${2%.c}
	built=$stem
	[ "$1" != sbin_PROGRAMS ] || built=sbin/${stem##*/}
	name=$(printf '%s' "$built" | tr -c 'A-Za-z0-9_' _)
	printf '%s += %s\n' "$1" "$built"
	printf '%s_SOURCES = %s' "$name" "$2"
	grep -E "^${stem}_[a-z0-9_]*\.[ch]\$" "$list" |
	    while read -r file; do
		printf ' %s' "$file"
	done
	printf '\nOBJ_OF_ALL += $(%s_OBJECTS)\n\n' "$name"
}

# module FILE: an object that the program beside it may load.
module() {
	built=${1%%/*}/${1##*/}
	built=${built%.c}.la
	name=$(printf '%s' "$built" | tr -c 'A-Za-z0-9_' _)
	printf 'module_LTLIBRARIES += %s\n%s_SOURCES = %s\n' \
	    "$built" "$name" "$1"
	printf '%s_LDFLAGS = -module -avoid-version -shared $(AM_LDFLAGS)\n' \
	    "$name"
	printf 'OBJ_OF_ALL += $(%s_OBJECTS)\n\n' "$name"
}

listing() {
	list=$1
	echo '# Made by autogen.sh from the files that git knows.'
	variable TREE .
	variable LIBRARY_FILES '^lib/[a-z0-9_]+\.[ch]$'
	variable LIBRARY_INCLUDES '^lib/crm/[a-z]+\.h$'
	printf 'STATEMENTS ='
	grep -E '^sql/queries/[a-z0-9_]+\.sql$' "$list" |
	    while read -r file; do
		printf ' \\\n\t%s.h' "$file"
	done
	printf '\n\n'
	variable SHARED_FILES \
	    '^(sql|nginx)/|^contract/[a-z_]+\.json$|^etc/[^/]*$|^tools/(sqlgen|problems)\.awk$'
	variable DOCS '^contract/docs/.*\.(html|js)$'
	variable SCHEMAS '^contract/[a-z_]+\.json$' | grep -v base.json
	variable MAIL_TEMPLATES '^etc/mail/'
	variable UNITS '^etc/systemd/[^/]*[^n]$'
	printf 'MADE_UNITS ='
	grep -E '^etc/systemd/.*\.in$' "$list" | while read -r file; do
		file=${file#etc/}
		printf ' \\\n\t%s' "${file%.in}"
	done
	printf '\n\n'
	variable MANUAL_PAGES '^man/[a-z0-9_-]+\.[1-8]$'
	printf 'SBIN ='
	grep -E '^tools/duka-[a-z]+$' "$list" | while read -r file; do
		printf ' \\\n\tsbin/%s' "${file#tools/}"
	done
	printf '\n\nOBJ_OF_ALL =\n'
	printf 'pkglibexec_PROGRAMS =\nsbin_PROGRAMS =\n\n'
	# An area is one file, and perhaps more that begin with its name.
	echo 'AREAS ='
	for file in $(grep -E '^cgi-bin/[a-z0-9]+\.c$' "$list"); do
		program pkglibexec_PROGRAMS "$file"
		echo "AREAS += $stem"
	done
	for file in $(grep -E '^daemons/[a-z0-9]+\.c$' "$list"); do
		program pkglibexec_PROGRAMS "$file"
	done
	echo 'module_LTLIBRARIES ='
	for file in $(grep -E '^(cgi-bin|daemons)/modules/[a-z0-9_]+\.c$' \
	    "$list"); do
		module "$file"
	done
	for file in $(grep -E '^tools/duka-[a-z]+\.c$' "$list"); do
		program sbin_PROGRAMS "$file"
	done
	printf 'UNIT =\ncheck_PROGRAMS =\nif HAVE_CMOCKA\n'
	for file in $(grep -E '^tests/unit/[a-z0-9_]+_test\.c$' "$list"); do
		program check_PROGRAMS "$file"
		printf '%s_LDADD = libcrmall.la $(CMOCKA_LIBS)\n' "$name"
		printf '%s_CPPFLAGS = $(AM_CPPFLAGS) $(CMOCKA_CFLAGS)\n' \
		    "$name"
		printf 'UNIT += %s\n\n' "$stem"
	done
	printf 'endif\n'
	for file in $(grep -E '^tests/unit/[a-z0-9_]+_test\.sh$' "$list"); do
		printf 'UNIT += %s\n' "$file"
	done
}

# Renews sources.mk; false if nothing came or went.
renew() {
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	tree >"$work/tree"
	listing "$work/tree" >"$work/sources.mk"
	cmp -s "$work/sources.mk" sources.mk && return 1
	cp "$work/sources.mk" sources.mk
}

# One at a time: several builds may share the checkout.
[ ! -w . ] && [ "${1-}" = --list ] && exit 0
exec 9<"$0"
flock 9

if [ "${1-}" = --list ]; then
	if renew && [ -f configure ]; then
		automake --add-missing
	fi
	exit 0
fi
renew || :
mkdir -p m4
autoreconf -i
