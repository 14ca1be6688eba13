# SPDX-License-Identifier: ISC
# Turns sql/queries/AREA.sql into AREA.sql.h: a constant struct crm_statement
# for each "-- name: NAME" (or "-- copy: NAME") with :name as $n, and the list
# AREA_statements[].  What stands in string literals, quoted identifiers,
# dollar quotes and comments is no parameter, nor are :: and :=.
#
#	LC_ALL=C awk -v area=AREA -f sqlgen.awk sql/queries/AREA.sql

function fail(words)
{
	printf "%s:%d: %s\n", FILENAME, FNR, words > "/dev/stderr"
	failed = 1
	exit 1
}

# A new statement's heading.
function begin(kind, text)
{
	end()
	sub(/^[ \t]+/, "", text)
	sub(/[ \t]+$/, "", text)
	if (text !~ /^[a-z][a-z0-9_]*$/)
		fail("not a statement's name: " text)
	if (text in seen)
		fail("two statements named " text)
	seen[text] = 1
	name = text
	copy = kind == "copy"
	lines = count = parts = 0
	split("", number)
	state = ""
}

# Writes the statement that was read.
function end(	i)
{
	if (name == "")
		return
	if (state != "")
		fail(name ": something quoted isn't closed")
	while (lines > 0 && line[lines] == "")
		lines--
	if (lines == 0)
		fail(name ": nothing there")
	printf "static const char *const parameters_of_%s[] = {\n", name
	for (i = 1; i <= count; i++)
		printf "\t\"%s\",\n", parameter[i]
	printf "\tNULL\n};\n\n"
	printf "static const struct crm_statement %s\n", name
	printf "    __attribute__((unused)) = {\n\t\"%s\",\n", name
	for (i = 1; i <= lines; i++)
		if (line[i] != "")
			printf "\t\"%s%s\"%s\n", quoted(line[i]),
			    i < lines ? "\\n" : "", i < lines ? "" : ","
	printf "\tparameters_of_%s,\n\t%s\n};\n\n", name,
	    copy ? "true" : "false"
	names[++statements] = name
	name = ""
}

function quoted(text)
{
	gsub(/\\/, "&&", text)
	gsub(/"/, "\\\"", text)
	gsub(/\t/, "\\t", text)
	gsub(/\?\?/, "?\\?", text)
	return text
}

# $n of a name.
function place(word)
{
	if (!(word in number)) {
		number[word] = ++count
		parameter[count] = word
	}
	return "$" number[word]
}

# One line's statement text without comments, with parameters numbered.
# `state` is what is open at the line's end: "" or ', E, ", /N (comments
# nest) or a dollar quote's tag.
function translate(text,	out, i, c, two, rest, before)
{
	out = ""
	i = 1
	while (i <= length(text)) {
		c = substr(text, i, 1)
		two = substr(text, i, 2)
		rest = substr(text, i)
		if (state == "'" || state == "\"" || state == "E") {
			if (state == "E" && c == "\\") {
				out = out two
				i += 2
				continue
			}
			if (c == (state == "\"" ? "\"" : "'")) {
				if (substr(text, i + 1, 1) == c) {
					out = out two
					i += 2
					continue
				}
				state = ""
			}
		} else if (state ~ /^\//) {
			if (two == "/*") {
				state = state "*"
				i++
			} else if (two == "*/") {
				state = substr(state, 2)
				if (state == "")
					out = out " "
				else
					state = "/" substr(state, 2)
				i++
			}
			i++
			continue
		} else if (state != "") {
			if (substr(text, i, length(state)) == state) {
				out = out state
				i += length(state)
				state = ""
				continue
			}
		} else if (two == "--") {
			break
		} else if (two == "/*") {
			state = "/"
			i += 2
			continue
		} else if (two == "::" || two == ":=") {
			out = out two
			i += 2
			continue
		} else if (c == ":" && match(rest, /^:[a-zA-Z_][a-zA-Z0-9_]*/)) {
			out = out place(substr(rest, 2, RLENGTH - 1))
			i += RLENGTH
			continue
		} else if (c == "'" || c == "\"") {
			before = substr(text, i - 1, 1)
			state = c
			if (c == "'" && i > 1 && before ~ /[eE]/ &&
			    (i == 2 || substr(text, i - 2, 1) !~ /[a-zA-Z0-9_]/))
				state = "E"
		} else if (match(rest, /^\$([a-zA-Z_][a-zA-Z0-9_]*)?\$/)) {
			state = substr(rest, 1, RLENGTH)
			out = out state
			i += RLENGTH
			continue
		} else if (c == ";") {
			closed = 1
			i++
			continue
		}
		if (closed && c !~ /[ \t]/)
			fail(name ": more after the semicolon")
		out = out c
		i++
	}
	return out
}

BEGIN {
	printf "/* Made from sql/queries/%s.sql; don't change it here. */\n",
	    area
	guard = "STATEMENTS_OF_" toupper(area) "_H"
	printf "#ifndef %s\n#define %s\n\n", guard, guard
	printf "#include <stdbool.h>\n#include <stddef.h>\n\n"
	printf "#include <crm/sql.h>\n\n"
}

state == "" && /^--[ \t]*(name|copy):/ {
	text = $0
	sub(/^--[ \t]*/, "", text)
	kind = substr(text, 1, 4)
	begin(kind, substr(text, 6))
	closed = 0
	next
}

{
	free = state == ""
	text = translate($0)
	if (free)
		sub(/^[ \t]+/, "", text)
	if (state == "")
		sub(/[ \t]+$/, "", text)
	if (text == "" && free)
		next
	if (name == "")
		fail("before the first \"-- name:\"")
	line[++lines] = text
}

END {
	if (failed)
		exit 1
	end()
	printf "static const struct crm_statement *const %s_statements[]\n",
	    area
	printf "    __attribute__((unused)) = {\n"
	for (i = 1; i <= statements; i++)
		printf "\t&%s,\n", names[i]
	printf "\tNULL\n};\n\n#endif\n"
}
