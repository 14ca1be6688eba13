/* SPDX-License-Identifier: ISC */
/*
 * Limits over time, shared by all workers of a node in one mapped file:
 * sliding by GCRA, lock-free, forgetful (an entry may be replaced when the
 * table is full, never blocked by another's).
 */
#ifndef CRM_LIMIT_H
#define CRM_LIMIT_H

#include <stdbool.h>
#include <stdint.h>

struct crm_limits;

/* Maps (and makes) the file; NULL with errno.  Keep for the process's life. */
struct crm_limits *crm_limits_open(const char *path);
void crm_limits_close(struct crm_limits *);

struct crm_limit_state {
	int64_t	limit, remaining;
	int64_t	reset;		/* seconds until all is available again */
	int64_t	retry_after;	/* seconds; 0 if allowed */
};

/* Counts `cost` for name+key against `limit` in `seconds`.  True if allowed.
 * `now` in nanoseconds of a steady clock shared by the node. */
bool crm_limit(struct crm_limits *, const char *name, const char *key,
    int64_t limit, int64_t seconds, int cost, int64_t now,
    struct crm_limit_state *);

/* Reads a setting such as "100/hour", "10/minute", "off"; false if bad. */
bool crm_limit_parse(const char *, int64_t *limit, int64_t *seconds);

#endif
