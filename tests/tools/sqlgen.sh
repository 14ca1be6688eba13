# SPDX-License-Identifier: ISC
# sqlgen.awk: what is a parameter and what isn't.

generate() {
	printf '%s\n' "$1" >"$work/x.sql"
	LC_ALL=C awk -v area=x -f tools/sqlgen.awk "$work/x.sql"
}

# gives SQL EXPECTED: the text of the one statement in SQL.
gives() {
	words="sqlgen: $1"
	got=$(generate "-- name: x_a
$1" | sed -n '/^	"x_a",$/,/^	parameters/p' | sed '1d;$d')
	[ "$got" = "	\"$2\"," ] && result 0 "$words" || {
		printf '%s\n' "got $got" >"$output"
		result 1 "$words"
	}
}

gives 'select :a' 'select $1'
gives 'select :a, :b, :a;' 'select $1, $2, $1'
gives 'select :a::text' 'select $1::text'
gives 'select f(x := :a)' 'select f(x := $1)'
gives "select ':a', :b" "select ':a', \$1"
gives "select 'it''s :a', :b" "select 'it''s :a', \$1"
gives "select e'it\\'s :a', :b" "select e'it\\\\'s :a', \$1"
gives "select '\\', :b" "select '\\\\', \$1"
gives 'select ":a", :b' 'select \":a\", $1'
gives 'select $$ :a $$, :b' 'select $$ :a $$, $1'
gives 'select $q$ :a $$ :c $q$, :b' 'select $q$ :a $$ :c $q$, $1'
gives 'select :b -- and :a' 'select $1'
gives 'select 1 /* :a /* :c */ :d */ + :b' 'select 1   + $1'
gives 'select a - :b, a--:c' 'select a - $1, a'
gives "select '-- :a', :b" "select '-- :a', \$1"
gives 'select :has_a, a[1:2]' 'select $1, a[1:2]'
gives "select 'a??b', '\"'" "select 'a?\\?b', '\\\"'"

# wrong SQL WORDS: refused.
wrong() {
	refuse 1 "sqlgen refuses $2" generate "$1"
}

wrong 'select 1' 'a statement without a name'
wrong '-- name: x_a' 'a name without a statement'
wrong '-- name: x_a
select 1;
-- name: x_a
select 2;' 'a name twice'
wrong '-- name: x_a
select 1; select 2' 'two statements under one name'
wrong "-- name: x_a
select 'a" 'a literal that stays open'
wrong '-- name: X-a
select 1' 'a name that is none in C'

compiles() {
	generate "-- name: x_a
select :b
-- copy: x_c
copy (select 'multi
line') to stdout" >"$work/x.sql.h"
	cat >"$work/x.c" <<-'END'
	#include <string.h>
	#include "x.sql.h"
	int
	main(void)
	{
		return strcmp(x_a.sql, "select $1") != 0 || x_a.copy ||
		    !x_c.copy || x_statements[2] != NULL ||
		    strcmp(x_a.parameters[0], "b") != 0 ||
		    x_a.parameters[1] != NULL ||
		    strstr(x_c.sql, "multi\nline") == NULL;
	}
	END
	cc -Wall -Wextra -Werror -Ilib -I"$DUKA_BUILD/lib" -I"$work" \
	    -o "$work/x" "$work/x.c" && "$work/x"
}
check 'what sqlgen makes compiles and says the same' compiles
