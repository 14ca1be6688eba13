/* SPDX-License-Identifier: ISC */
/*
 * Memory by lifespan.  What a request allocates lives in one arena that is
 * wiped and reset when the request has been answered; nothing is freed by
 * hand.  Only arena.c calls malloc.
 */
#ifndef CRM_ARENA_H
#define CRM_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct crm_arena;

/* A new arena that may grow to `most` bytes; beyond, the process aborts
 * (its process manager starts another).  Never NULL. */
struct crm_arena *crm_arena_new(size_t most);

/* Runs the cleanups, last registered first, wipes what was handed out and
 * keeps one block for the next use. */
void crm_arena_reset(struct crm_arena *);

void crm_arena_free(struct crm_arena *);

/* Bytes handed out since the last reset. */
size_t crm_arena_used(const struct crm_arena *);

/* Zeroed memory, aligned to 16; never NULL. */
void *crm_alloc(struct crm_arena *, size_t);

/* A copy with a closing NUL; NULL in, NULL out. */
char *crm_strdup(struct crm_arena *, const char *);
char *crm_strndup(struct crm_arena *, const char *, size_t);

char *crm_format(struct crm_arena *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *crm_vformat(struct crm_arena *, const char *format, va_list)
    __attribute__((format(printf, 2, 0)));

/* Calls `cleanup(what)` at the next reset or at free: for what a library
 * owns (a PGresult, say). */
void crm_arena_defer(struct crm_arena *, void (*cleanup)(void *), void *what);

#endif
