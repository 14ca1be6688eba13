/* SPDX-License-Identifier: ISC */
/* Cursors of keyset pages: opaque to clients, JSON arrays to SQL. */
#ifndef CRM_PAGE_H
#define CRM_PAGE_H

#include <crm/arena.h>

/* The JSON array that a cursor stands for, or NULL if it is none. */
const char *crm_cursor_decode(struct crm_arena *, const char *cursor);
const char *crm_cursor_encode(struct crm_arena *, const char *json);

#endif
