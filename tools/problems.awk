# SPDX-License-Identifier: ISC
# Turns lib/problems.txt into what needs it:
#
#	LC_ALL=C awk -v mode=header -f problems.awk problems.txt
#
# mode is header (crm/problems.h: the enum), table (problems_table.h: what
# problem.c looks up), man (duka-problems(7)) or json (a list of name, type,
# status and title).

function fail(words)
{
	printf "%s:%d: %s\n", FILENAME, FNR, words > "/dev/stderr"
	failed = 1
	exit 1
}

function quoted(text)
{
	gsub(/\\/, "&&", text)
	gsub(/"/, "\\\"", text)
	return "\"" text "\""
}

# A string's C literal, or NULL for "-".
function literal(text)
{
	return text == "-" ? "NULL" : quoted(text)
}

function slug(name)
{
	name = tolower(name)
	gsub(/_/, "-", name)
	return name
}

# mdoc would read these as its own.
function escaped(text)
{
	gsub(/\\/, "\\e", text)
	sub(/^[.']/, "\\\\\\&&", text)
	return text
}

/^[ \t]*(#|$)/ {
	next
}

NF < 4 {
	fail("name, status, SQLSTATE, constraint and title are wanted")
}

$1 !~ /^[A-Z][A-Z0-9_]*$/ || $1 == "OK" {
	fail("not a problem's name: " $1)
}

$3 !~ /^(-|[0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z][0-9A-Z])$/ {
	fail("not a SQLSTATE: " $3)
}

$4 !~ /^(-|[a-z][a-z0-9_]*)$/ || length($4) > 63 {
	fail("not a constraint's name: " $4)
}

# Further causes of a problem that stands above.
$2 == "..." {
	if (!($1 in number))
		fail($1 " has no line with its status yet")
	if ($3 == "-" && $4 == "-")
		fail("a further cause that is none")
}

$2 != "..." {
	if ($2 !~ /^[45][0-9][0-9]$/)
		fail("not the status of a problem: " $2)
	if ($1 in number)
		fail($1 " has a status already; write ... for a further cause")
	if (NF < 5)
		fail($1 " has no title")
	number[$1] = ++problems
	name[problems] = $1
	status[problems] = $2
	text = $0
	for (i = 1; i <= 4; i++)
		sub(/^[ \t]*[^ \t]+[ \t]+/, "", text)
	sub(/[ \t]+$/, "", text)
	title[problems] = text
	sqlstate[problems] = $3
	constraint[problems] = $4
}

# A constraint says more than a SQLSTATE: with both, only the constraint
# counts, for the SQLSTATE stands for every one of its kind.
{
	cause = $4 != "-" ? $4 : $3
	if (cause != "-") {
		if (cause in taken)
			fail(cause " stands for " taken[cause] " already")
		taken[cause] = $1
		causes++
		cause_problem[causes] = $1
		cause_state[causes] = $4 != "-" ? "-" : $3
		cause_constraint[causes] = $4
	}
}

function header(	i)
{
	print "/* Made from lib/problems.txt; don't change it here. */"
	print "#ifndef CRM_PROBLEMS_H\n#define CRM_PROBLEMS_H\n"
	print "enum crm_problem {\n\tCRM_OK = 0,"
	for (i = 1; i <= problems; i++)
		printf "\tCRM_%s%s\n", name[i], i < problems ? "," : ""
	print "};\n\n#endif"
}

function table(	i)
{
	print "/* Made from lib/problems.txt; don't change it here. */\n"
	print "static const struct crm_problem_entry entries[] = {"
	print "\t{ \"OK\", \"ok\", 200, NULL, NULL, \"All is well\" },"
	for (i = 1; i <= problems; i++)
		printf "\t{ %s, %s, %d, %s, %s,\n\t    %s },\n",
		    quoted(name[i]), quoted(slug(name[i])), status[i],
		    literal(sqlstate[i]), literal(constraint[i]),
		    quoted(title[i])
	print "};\n"
	print "static const struct {"
	print "\tconst char\t\t*sqlstate, *constraint;"
	print "\tenum crm_problem\t problem;"
	print "} causes[] = {"
	for (i = 1; i <= causes; i++)
		printf "\t{ %s, %s, CRM_%s },\n", literal(cause_state[i]),
		    literal(cause_constraint[i]), cause_problem[i]
	print "};"
}

function manual(	i, j)
{
	print ".\\\" Made from lib/problems.txt; don't change it here."
	print ".Dd November 21, 2026\n.Dt DUKA-PROBLEMS 7\n.Os"
	print ".Sh NAME\n.Nm duka-problems\n.Nd what the shop refuses, and why"
	print ".Sh DESCRIPTION"
	print "A request that fails is answered with"
	print ".Li application/problem+json"
	print "(RFC 9457): its"
	print ".Li type"
	print "is"
	print ".Pa /problems/"
	print "and the name in lower case with hyphens,"
	print ".Li code"
	print "is the name,"
	print ".Li title"
	print "the sentence below,"
	print ".Li requestId"
	print "finds the request in the log."
	print "Names stay what they are; titles may change."
	print ".Bl -tag -width Ds"
	for (i = 1; i <= problems; i++) {
		printf ".It Sy %s Pq %d\n%s\n", name[i], status[i],
		    escaped(pointed(title[i]))
		for (j = 1; j <= causes; j++)
			if (cause_problem[j] == name[i])
				cause_line(j)
	}
	print ".El"
	print ".Sh SEE ALSO\n.Xr duka 7"
}

function cause_line(j)
{
	if (cause_state[j] != "-")
		printf ".br\nSQLSTATE\n.Li %s\n", cause_state[j]
	else
		printf ".br\nConstraint\n.Li %s\n", cause_constraint[j]
}

function pointed(text)
{
	return text ~ /[.?!]$/ ? text : text "."
}

function json(	i)
{
	print "["
	for (i = 1; i <= problems; i++)
		printf "  { %s: %s, %s: %s, %s: %d, %s: %s }%s\n",
		    quoted("code"), quoted(name[i]), quoted("type"),
		    quoted("/problems/" slug(name[i])), quoted("status"),
		    status[i], quoted("title"), quoted(title[i]),
		    i < problems ? "," : ""
	print "]"
}

END {
	if (failed)
		exit 1
	if (mode == "header")
		header()
	else if (mode == "table")
		table()
	else if (mode == "man")
		manual()
	else if (mode == "json")
		json()
	else
		fail("mode is header, table, man or json")
}
