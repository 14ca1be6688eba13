# SPDX-License-Identifier: ISC
# Turns lib/passwords.txt into one C string: each password between two line
# breaks, so that a search for "\nWORD\n" finds it.
BEGIN {
	print "/* Made from lib/passwords.txt; don't change it here. */\n"
	print "static const char passwords[] = \"\\n\""
}

/^(#|$)/ {
	next
}

/[^!-~]|[A-Z]/ {
	printf "%s:%d: not in lower case\n", FILENAME, FNR > "/dev/stderr"
	failed = 1
	exit 1
}

{
	gsub(/\\/, "&&")
	gsub(/"/, "\\\"")
	printf "    \"%s\\n\"\n", $0
	count++
}

END {
	if (failed || !count)
		exit 1
	print "    ;"
}
