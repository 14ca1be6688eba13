/* SPDX-License-Identifier: ISC */
/*
 * Strict JSON (RFC 8259) in: the whole input is one value, UTF-8, at most
 * 32 levels deep, without NUL characters and without duplicate names;
 * numbers keep their literal.  cJSON does the reading; json.c refuses first
 * what cJSON lets through.  Only json.c includes cJSON.
 */
#ifndef CRM_JSON_H
#define CRM_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <crm/arena.h>
#include <crm/text.h>

struct crm_json;

enum crm_json_type {
	CRM_JSON_NONE,			/* of a NULL pointer */
	CRM_JSON_NULL,
	CRM_JSON_FALSE,
	CRM_JSON_TRUE,
	CRM_JSON_NUMBER,
	CRM_JSON_STRING,
	CRM_JSON_ARRAY,
	CRM_JSON_OBJECT
};

/* NULL if refused, and `*why` (if given) a constant sentence.  The value
 * lives in the arena. */
struct crm_json *crm_json_parse(struct crm_arena *, const char *, size_t,
    const char **why);

/* All of these accept NULL and then answer as for a missing value. */
enum crm_json_type crm_json_type(const struct crm_json *);
const struct crm_json *crm_json_get(const struct crm_json *, const char *name);
const struct crm_json *crm_json_first(const struct crm_json *);
const struct crm_json *crm_json_next(const struct crm_json *);
size_t crm_json_count(const struct crm_json *);
const char *crm_json_name(const struct crm_json *);

/* The text of a string, the literal of a number, "true" or "false";
 * otherwise NULL. */
const char *crm_json_text(const struct crm_json *);

/* Whether it is a number without fraction or exponent that fits; sets
 * `*value` then. */
bool crm_json_integer(const struct crm_json *, int64_t *value);

/* `fallback` for what is missing or no integer. */
int64_t crm_json_integer_of(const struct crm_json *, const char *name,
    int64_t fallback);
const char *crm_json_text_of(const struct crm_json *, const char *name);
bool crm_json_true_of(const struct crm_json *, const char *name);

/* Appends the value as compact JSON, numbers by their literal. */
void crm_json_print(struct crm_text *, const struct crm_json *);

#endif
