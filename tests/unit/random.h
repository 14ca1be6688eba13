/* SPDX-License-Identifier: ISC */
/*
 * Reproducible numbers for property tests: xorshift64*, from a fixed seed
 * or DUKA_SEED.  The seed is printed, so that a failure can be had again.
 */
#ifndef DUKA_TEST_RANDOM_H
#define DUKA_TEST_RANDOM_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static uint64_t random_state;

static inline void
random_seed(void)
{
	const char *told = getenv("DUKA_SEED");

	random_state = 20261121;
	if (told != NULL)
		random_state = strtoull(told, NULL, 10);
	if (random_state == 0)
		random_state = 1;
	printf("# seed %" PRIu64 " (DUKA_SEED sets another)\n", random_state);
	fflush(stdout);
}

/* From 0 to below `end`, which is at least 1. */
static inline int64_t
random_below(int64_t end)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (int64_t)((random_state * 2685821657736338717U >> 11) %
	    (uint64_t)end);
}

#endif
