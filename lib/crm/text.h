/* SPDX-License-Identifier: ISC */
/* A string that grows in an arena: append freely, read when done. */
#ifndef CRM_TEXT_H
#define CRM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <crm/arena.h>

struct crm_text {
	struct crm_arena *arena;
	char		 *data;		/* always NUL-terminated */
	size_t		  length;	/* without the NUL */
	size_t		  size;
};

void crm_text_init(struct crm_text *, struct crm_arena *);
void crm_text_add(struct crm_text *, const void *, size_t);
void crm_text_puts(struct crm_text *, const char *);
void crm_text_putc(struct crm_text *, char);
void crm_text_printf(struct crm_text *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends `value` as a JSON string with its quotes, or null for NULL. */
void crm_text_json(struct crm_text *, const char *value);

/* Appends `value` with & < > " ' escaped for HTML and XML. */
void crm_text_html(struct crm_text *, const char *value);

/* Whether the bytes are well-formed UTF-8 (RFC 3629: no surrogates, no
 * overlong forms, at most U+10FFFF). */
bool crm_utf8_valid(const char *, size_t);

/* Code points in well-formed UTF-8. */
size_t crm_utf8_length(const char *);

/* Base64url without padding (RFC 4648 section 5).  The decoder answers
 * NULL for anything else, non-canonical trailing bits included. */
char *crm_base64url(struct crm_arena *, const void *, size_t);
void *crm_base64url_decode(struct crm_arena *, const char *, size_t length,
    size_t *decoded);

/* Decodes %XX, and + as a space if `form`; NULL if malformed or if a NUL
 * or invalid UTF-8 comes out. */
char *crm_percent_decode(struct crm_arena *, const char *, size_t, bool form);

#endif
