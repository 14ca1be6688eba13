/* SPDX-License-Identifier: ISC */
/*
 * `PROGRAM check`: every statement is prepared against the schema as it is,
 * and the types of its parameters are compared with the fields that feed
 * them, so that neither drifts from the other unseen.
 */
#include <stdio.h>
#include <string.h>

#include <crm/database.h>

#include "private.h"

/* Object identifiers of PostgreSQL's own types (pg_type.dat). */
enum {
	OID_BOOL = 16, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23,
	OID_TEXT = 25, OID_JSON = 114, OID_FLOAT8 = 701, OID_INET = 869,
	OID_BPCHAR = 1042, OID_VARCHAR = 1043, OID_DATE = 1082,
	OID_TIMESTAMPTZ = 1184, OID_NUMERIC = 1700, OID_UUID = 2950,
	OID_JSONB = 3802
};

static bool
is_text(unsigned oid)
{
	return oid == OID_TEXT || oid == OID_VARCHAR || oid == OID_BPCHAR;
}

/* Whether a field's canonical text is always fit for the type. */
static bool
fits(const struct crm_field *field, unsigned oid)
{
	switch (field->type) {
	case CRM_UUID:
		return oid == OID_UUID || is_text(oid);
	case CRM_INTEGER:
		return oid == OID_INT4 || oid == OID_INT8 || is_text(oid) ||
		    oid == OID_NUMERIC ||
		    (oid == OID_INT2 && field->max <= 32767);
	case CRM_DECIMAL:
		return oid == OID_NUMERIC || oid == OID_FLOAT8 ||
		    is_text(oid);
	case CRM_BOOL:
		return oid == OID_BOOL || is_text(oid);
	case CRM_DATE:
		return oid == OID_DATE || is_text(oid);
	case CRM_TIME:
		return oid == OID_TIMESTAMPTZ || is_text(oid);
	case CRM_MONEY:
		return oid == OID_JSON || oid == OID_JSONB ||
		    oid == OID_INT8 || is_text(oid);
	case CRM_OBJECT:
	case CRM_LIST:
	case CRM_ATTRIBUTES:
		return oid == OID_JSON || oid == OID_JSONB || is_text(oid);
	default:
		return is_text(oid);
	}
}

static bool
fits_own(const char *name, unsigned oid)
{
	static const struct {
		const char *name;
		unsigned oid;
	} own[] = {
		{ "account", OID_UUID }, { "session", OID_UUID },
		{ "guest", OID_TEXT }, { "address", OID_INET },
		{ "address", OID_TEXT }, { "request_id", OID_TEXT },
		{ "if_match", OID_INT4 }, { "input", OID_JSONB },
		{ "input", OID_JSON }, { "cursor", OID_TEXT }
	};
	size_t i;

	for (i = 0; i < sizeof own / sizeof own[0]; i++)
		if (strcmp(own[i].name, name) == 0 && own[i].oid == oid)
			return true;
	return false;
}

static const struct crm_field *
find_field(const struct crm_field *field, const char *name)
{
	for (; field != NULL && field->name != NULL; field++)
		if (strcmp(field->name, name) == 0)
			return field;
	return NULL;
}

static bool
path_has(struct crm_arena *arena, const char *path, const char *name)
{
	return strstr(path, crm_format(arena, "{%s}", name)) != NULL;
}

static bool
parameter_good(struct crm_arena *arena, const struct crm_route *route,
    const char *name, unsigned oid)
{
	const struct crm_field *field;

	if (path_has(arena, route->path, name))
		return fits(crm_path_field(name), oid);
	field = find_field(route->input, name);
	if (field == NULL)
		field = find_field(route->query, name);
	if (field != NULL && field->type != CRM_CURSOR)
		return fits(field, oid);
	if (strncmp(name, "has_", 4) == 0 &&
	    (find_field(route->input, name + 4) != NULL ||
	    find_field(route->query, name + 4) != NULL))
		return oid == OID_BOOL;
	return fits_own(name, oid);
}

static int
check_route(struct crm_arena *arena, struct crm_database *db,
    const struct crm_route *route)
{
	unsigned *types;
	int count, i, faults = 0;

	types = crm_statement_types(db, arena, route->statement, &count);
	for (i = 0; types != NULL && i < count; i++)
		if (!parameter_good(arena, route,
		    route->statement->parameters[i], types[i])) {
			fprintf(stderr, "%s %s: %s: parameter %s of type %u "
			    "isn't fed by a field that fits\n", route->method,
			    route->path, route->statement->name,
			    route->statement->parameters[i], types[i]);
			faults++;
		}
	return faults;
}

static int
check_statement(struct crm_arena *arena, struct crm_database *db,
    const struct crm_statement *statement)
{
	int count;

	if (statement->copy ||
	    crm_statement_types(db, arena, statement, &count) != NULL)
		return 0;
	fprintf(stderr, "%s: %s\n", statement->name, crm_database_error(db));
	return 1;
}

/* The setting of a limit, which must say one. */
static int
check_limit(struct crm_arena *arena, const char *name)
{
	int64_t limit, seconds;
	const char *text;

	text = crm_settings_get(crm_format(arena, "limit.%s", name));
	if (text == NULL || crm_limit_parse(text, &limit, &seconds))
		return 0;
	fprintf(stderr, "the setting limit.%s is no limit: %s\n", name, text);
	return 1;
}

/* Those of the callers' classes, and the routes' own. */
static int
check_limits(struct crm_arena *arena, struct crm_database *db,
    const struct crm_route *route)
{
	static const char *const classes[] = { "public", "anonymous",
		"customer", "staff" };
	int faults = 0;
	size_t i;

	crm_settings_refresh(db);
	for (i = 0; i < sizeof classes / sizeof classes[0]; i++)
		faults += check_limit(arena, classes[i]);
	for (; route->method != NULL; route++)
		if (route->limit != NULL)
			faults += check_limit(arena, route->limit);
	return faults;
}

int
crm_check(const struct crm_area *area, struct crm_database *db)
{
	struct crm_arena *arena = crm_arena_new(16u << 20);
	const struct crm_statement *const *statement;
	const struct crm_route *route;
	int faults = 0, count = 0;

	for (statement = area->statements; statement != NULL &&
	    *statement != NULL; statement++, count++)
		faults += check_statement(arena, db, *statement);
	for (route = area->routes; route->method != NULL; route++)
		if (route->statement != NULL)
			faults += check_route(arena, db, route);
	faults += check_limits(arena, db, area->routes);
	printf("%s: %d statements, %d faults\n", area->name, count, faults);
	return faults > 0;
}
