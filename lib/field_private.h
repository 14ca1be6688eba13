/* SPDX-License-Identifier: ISC */
/* What the files of the field tables share. */
#ifndef CRM_FIELD_PRIVATE_H
#define CRM_FIELD_PRIVATE_H

#include <crm/field.h>

/* One value being read: where the canonical text goes, and what is wrong. */
struct crm_reading {
	struct crm_arena	*arena;
	const struct crm_field	*field;
	const char		*code, *message;
};

/* How the types that are one text are read; the others (money, object, list,
 * attributes) have none. */
struct crm_kind {
	/* The canonical text, or NULL with code and message set. */
	const char	*(*read)(struct crm_reading *, const char *raw);
	const char	*wanted;	/* said when the JSON type is wrong */
	bool		 string, number, truth;	/* JSON types it takes */
	bool		 quoted;	/* the text is a string in JSON */
};

/* NULL for a type that isn't one text. */
const struct crm_kind *crm_kind_of(enum crm_type);

/* The bounds that hold: the field's, or its type's own. */
void crm_field_bounds(const struct crm_field *, int64_t *min, int64_t *max);

/* The field that each item of a list is checked as. */
struct crm_field crm_field_item(const struct crm_field *list);

/* A field as it comes in a query: money is plain minor units. */
struct crm_field crm_field_plain(const struct crm_field *);

/* 1500000 is "1.5". */
const char *crm_millionths(struct crm_arena *, int64_t);

/* Sets code and message; always NULL. */
const char *crm_reading_fails(struct crm_reading *, const char *code,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Dates and times; web and mail addresses. */
const char *crm_read_date(struct crm_reading *, const char *);
const char *crm_read_time(struct crm_reading *, const char *);
const char *crm_read_email(struct crm_reading *, const char *);
const char *crm_read_phone(struct crm_reading *, const char *);
const char *crm_read_uri(struct crm_reading *, const char *);

int crm_field_count(const struct crm_field *fields);

/* NULL if the table has no such field. */
const struct crm_field *crm_field_named(const struct crm_field *fields,
    const char *name);

/* Appends a canonical text to a JSON text. */
void crm_field_write(struct crm_text *, const struct crm_field *,
    const char *value);

/* Checks a value that is one text; NULL with a fault added. */
const char *crm_input_read(struct crm_input *, const struct crm_field *,
    const char *raw, const char *path);

/* Room for `more` values.  Those found before stay where they were, but are
 * no longer looked at. */
void crm_input_reserve(struct crm_input *, int more);

/* Puts a value into its place.  One that is there already (from the path,
 * say) must be the same. */
void crm_input_put(struct crm_input *, const struct crm_value *);

/* Puts a field that the input doesn't name. */
void crm_input_absent(struct crm_input *, const struct crm_field *);

#define CRM_TEXT_MOST		1000
#define CRM_EMAIL_MOST		254
#define CRM_PHONE_MOST		40	/* bytes before the dropping */
#define CRM_URI_MOST		2000
#define CRM_CURSOR_MOST		400
#define CRM_LIST_MOST		100
#define CRM_ATTRIBUTES_MOST	50
#define CRM_ATTRIBUTE_MOST	200
#define CRM_ATTRIBUTE_NAME_MOST	63
#define CRM_MONEY_MOST		INT64_C(1000000000000)
#define CRM_DECIMAL_MOST	INT64_C(999999999999999999)
#define CRM_DECIMAL_PLACES	6

#endif
