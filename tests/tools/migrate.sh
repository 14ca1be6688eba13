# SPDX-License-Identifier: ISC
# duka-migrate on a cluster of its own, with a small tree of files.

tools/stack "$work/stack-m" start --no-programs --fsync off
# shellcheck disable=SC1091
. "$work/stack-m/env"
tree=$work/tree
mkdir -p "$tree/migrations" "$tree/functions" "$tree/policies"
cp sql/roles.sql "$tree/"
psql -X -q -d postgres -c 'create database small'
small="host=$PGHOST dbname=small"

migrate() {
	tools/duka-migrate -d "$small" -s "$tree" "$@"
}

ask() {
	[ "$(psql -X -A -t -d "$small" -c "$1")" = "$2" ]
}

echo 'create table a (n integer);' >"$tree/migrations/0001_first.sql"
echo 'create or replace function f() returns integer language sql as
    $$ select 1 $$;' >"$tree/functions/f.sql"
echo 'grant select on a to duka_worker;' >"$tree/policies/a.sql"

refuse 4 'status: pending before the first apply' migrate status
check 'apply' migrate apply
check 'status: all applied' migrate status
says '0001_first	applied' 'status names the migration' migrate status
check 'apply again' migrate apply
check 'what migrations make is duka_owner'"'"'s' ask "select tableowner
    from pg_tables where tablename = 'a'" duka_owner
check 'functions are there' ask 'select duka.f()' 1
echo 'create or replace function f() returns integer language sql as
    $$ select 2 $$;' >"$tree/functions/f.sql"
check 'apply with another function' migrate apply
check 'functions are renewed' ask 'select duka.f()' 2

echo 'insert into a values (1); select 1/0;' \
    >"$tree/migrations/0002_broken.sql"
refuse 1 'a migration that fails' migrate apply
check 'leaves nothing' ask 'select count(*) from duka.a' 0
refuse 4 'and is still pending' migrate status
echo 'insert into a values (1); commit; insert into a values (2);' \
    >"$tree/migrations/0002_broken.sql"
refuse 1 'a migration that commits by itself' migrate apply
check 'has no line in the ledger' ask "select count(*) from duka.migration
    where name like '0002%'" 0
rm "$tree/migrations/0002_broken.sql"
psql -X -q -d "$small" -c 'truncate duka.a'

echo 'create table a (n bigint);' >"$tree/migrations/0001_first.sql"
refuse 3 'status: changed' migrate status
says '0001_first	changed' 'status says so' migrate status
echo 'create table b ();' >"$tree/migrations/0002_second.sql"
refuse 3 'apply refuses what was changed' migrate apply
says '0001_first was changed after it was applied' 'and says which' \
    migrate apply
check 'and applies nothing' ask "select to_regclass('duka.b') is null" t
mv "$tree/migrations/0001_first.sql" "$work/kept"
refuse 3 'apply refuses when one is gone' migrate apply
echo 'create table a (n integer);' >"$tree/migrations/0001_first.sql"
check 'apply after mending' migrate apply
# Two branches met: what has the lower number came later, and is applied.
echo 'create table late (n integer);' >"$tree/migrations/0001_late.sql"
echo 'alter table late add m integer;' >"$tree/migrations/0001_later.sql"
refuse 4 'status: what comes late is pending' migrate status
says '0001_late	pending' 'status says so' migrate status
check 'apply what comes late' migrate apply
check 'by number, once' ask "select string_agg(name, ' ' order by applied_at,
    name) from duka.migration where name >= '0001_l'" \
    '0002_second 0001_late 0001_later'
check 'and nothing is left to do' migrate status
echo 'create table late (n bigint);' >"$tree/migrations/0001_late.sql"
refuse 3 'what came late is refused when it is changed' migrate apply
echo 'create table late (n integer);' >"$tree/migrations/0001_late.sql"
echo 'select 1;' >"$tree/migrations/0003_Odd.sql"
refuse 3 'apply refuses an odd name' migrate apply
rm "$tree/migrations/0003_Odd.sql"

# Two at once: one applies, the other waits and finds it done.
echo 'create table c (n integer); select pg_sleep(0.7);' \
    >"$tree/migrations/0003_slow.sql"
both() {
	migrate apply >"$work/one" 2>&1 &
	first=$!
	migrate apply >"$work/two" 2>&1
	second=$?
	wait $first && [ $second -eq 0 ] &&
	    [ "$(cat "$work/one" "$work/two" | grep -c 'applying')" -eq 1 ]
}
check 'two at once' both

# A shop at work locks in another order, and sees no deadlock before we do.
echo 'lock table a; select pg_sleep(1); lock table c;' \
    >"$tree/migrations/0004_across.sql"
across() {
	migrate apply >"$work/one" 2>&1 &
	first=$!
	sleep 0.5
	PGOPTIONS='-c deadlock_timeout=30s' psql -X -q -v ON_ERROR_STOP=1 \
	    -d "$small" -c 'begin; lock table duka.c; lock table duka.a;
	    commit;' || return
	wait $first && grep -q 'once more' "$work/one"
}
check 'a deadlock is not its end' across

# Roles are the cluster's: another shop's, not committed yet, are waited for.
apart() {
	{
		echo 'begin;'
		cat "$tree/roles.sql"
		echo 'select pg_sleep(1.5); commit;'
	} | psql -X -q -v ON_ERROR_STOP=1 -d "$small" >"$work/one" 2>&1 &
	first=$!
	sleep 0.5
	tools/duka-migrate -d "host=$PGHOST dbname=other" -s "$tree" apply
	second=$?
	wait $first && [ $second -eq 0 ]
}
psql -X -q -d postgres -c 'create database other'
check 'two databases of one cluster at once' apart
refuse 2 'no such database' tools/duka-migrate -d "host=$work dbname=x" \
    -s "$tree" status
refuse 2 'wrong usage' migrate up
tools/stack "$work/stack-m" stop
