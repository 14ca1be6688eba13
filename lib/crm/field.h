/* SPDX-License-Identifier: ISC */
/*
 * Input as tables.  A route names the fields it takes; the request is
 * checked whole against them, and all faults are reported at once.
 */
#ifndef CRM_FIELD_H
#define CRM_FIELD_H

#include <stdbool.h>
#include <stdint.h>

#include <crm/arena.h>
#include <crm/json.h>
#include <crm/text.h>

enum crm_type {
	CRM_NOTHING,	/* ends a table */
	CRM_TEXT,	/* min..max characters (0..1000 unless told; a required
			   one is never empty); trimmed; no control characters
			   save newline and tab */
	CRM_SECRET,	/* as CRM_TEXT, but not trimmed and never logged */
	CRM_EMAIL,	/* at most 254 bytes; lower-cased domain */
	CRM_PHONE,	/* E.164 after spaces, dots, dashes, (0) are dropped */
	CRM_UUID,	/* canonical, lower-cased */
	CRM_INTEGER,	/* min..max (32 bits signed unless told) */
	CRM_MONEY,	/* {"amount": minor units, "currency": "EUR"};
			   min..max of the amount, 0..10^12 unless told */
	CRM_DECIMAL,	/* exact, as string or number, at most 6 decimals;
			   min..max in millionths, less than 10^12 */
	CRM_BOOL,
	CRM_ENUM,	/* one of `values`, separated by spaces */
	CRM_DATE,	/* 2026-02-28, years 1900 to 9999 */
	CRM_TIME,	/* RFC 3339, made UTC with microseconds */
	CRM_URI,	/* http or https, at most 2,000 bytes */
	CRM_CURSOR,	/* what a page's "next" said: base64url, <= 400 bytes */
	CRM_OBJECT,	/* of `fields` */
	CRM_LIST,	/* of `of` (and `fields`); min..max items, 0..100 unless
			   told; each by its type's own bounds */
	CRM_ATTRIBUTES	/* object of free names (a-z0-9_, 1..63) to text (up
			   to 200), decimal or bool; min..max members, 50 */
};

struct crm_field {
	const char		*name;
	enum crm_type		 type;
	const char		*values;
	int64_t			 min, max;	/* both 0: the type's own */
	bool			 required;
	bool			 nullable;	/* null is said to clear */
	enum crm_type		 of;
	const struct crm_field	*fields;
	const char		*standard;	/* used when it is absent */
	const char		*example;	/* for the contract; JSON for
						   objects and lists */
	const char		*about;		/* for the contract, one line */
	const char		*item_values;	/* unused unless of is
						   CRM_ENUM: its values */
};

#define CRM_END		{ 0 }

/* One checked value.  `text` is its canonical text as PostgreSQL reads it:
 * objects, lists, money and attributes as JSON; NULL when absent or null. */
struct crm_value {
	const char		*name;
	const struct crm_field	*field;
	const char		*text;
	const struct crm_json	*json;	/* NULL if it came from a query */
	bool			 given;	/* named in the input, null included */
};

/* A fault in the input, as it goes into the answer's "errors". */
struct crm_fault {
	const char		*field;	/* path: lines[2].quantity */
	const char		*code;	/* required, type, too_short, too_long,
					   too_small, too_large, format, value,
					   unknown, duplicate, too_many,
					   too_few */
	const char		*message;
	struct crm_fault	*next;
};

struct crm_input {
	struct crm_arena	*arena;
	struct crm_value	*values;	/* one a field, in its order */
	int			 count;
	struct crm_fault	*faults;	/* NULL: all is well */
	struct crm_fault       **last;
	int			 fault_count;	/* 100 are kept */
	bool			 partial;	/* a PATCH: set before the body
						   is checked; required fields
						   may then be absent, and no
						   standards are put in */
};

void crm_input_init(struct crm_input *, struct crm_arena *);

/* Checks a parsed body against `fields`; NULL is no body, as {}.  Unknown
 * names, wrong types and missing required fields become faults.  True if
 * there are none. */
bool crm_input_body(struct crm_input *, const struct crm_field *fields,
    const struct crm_json *body);

/* Checks a query string.  A repeated name is a list if its field is one and
 * a fault ("duplicate") if not; an empty value counts as absent; objects,
 * money and attributes can't come this way, save that CRM_MONEY fields
 * take plain minor units. */
bool crm_input_query(struct crm_input *, const struct crm_field *fields,
    const char *query);

/* Adds or checks one value by its text (a path's parameter).  If the field
 * has a value already, both must be equal. */
bool crm_input_text(struct crm_input *, const struct crm_field *,
    const char *text);

void crm_input_fault(struct crm_input *, const char *field, const char *code,
    const char *message);

/* NULL if there is no such field in the table. */
const struct crm_value *crm_input_find(const struct crm_input *,
    const char *name);

/* The whole checked input as one JSON object: only what was given (and
 * standards), in canonical form. */
const char *crm_input_json(const struct crm_input *);

/* The JSON Schema (OpenAPI 3.1) of one field or of a table as an object. */
void crm_field_schema(struct crm_text *, const struct crm_field *);
void crm_fields_schema(struct crm_text *, const struct crm_field *fields);

/* The same for a PATCH's body (nothing is required), and for one field as it
 * comes in a query (money is plain minor units). */
void crm_fields_schema_partial(struct crm_text *,
    const struct crm_field *fields);
void crm_field_schema_query(struct crm_text *, const struct crm_field *);

/* An example value as JSON, valid by the table's own rules. */
void crm_field_example(struct crm_text *, const struct crm_field *);
void crm_fields_example(struct crm_text *, const struct crm_field *fields);

#endif
