/* SPDX-License-Identifier: ISC */
/*
 * A WebP file is chunks.  Those with points stay, all others go: libvips
 * writes Exif even if it is told not to, and what a decoder's process
 * answers is looked at before it is kept.
 */
#include <stdint.h>
#include <string.h>

#include "media.h"

#define FILE_HEAD	12
#define CHUNK_HEAD	8
#define FLAGS_ALPHA	0x10

static uint32_t
number(const unsigned char *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
	    (uint32_t)at[3] << 24;
}

static void
set_number(unsigned char *at, uint32_t value)
{
	at[0] = value & 0xff;
	at[1] = value >> 8 & 0xff;
	at[2] = value >> 16 & 0xff;
	at[3] = value >> 24;
}

static bool
is(const unsigned char *chunk, const char *name)
{
	return memcmp(chunk, name, 4) == 0;
}

/* Keeps a chunk at *to, or doesn't; false if it is one that can't be. */
static bool
keep(unsigned char *chunk, size_t whole, unsigned char **to, bool *points)
{
	if (is(chunk, "VP8X")) {
		if (whole != CHUNK_HEAD + 10 || *points)
			return false;
		chunk[CHUNK_HEAD] &= FLAGS_ALPHA;
	} else if (is(chunk, "VP8 ") || is(chunk, "VP8L")) {
		if (*points)
			return false;
		*points = true;
	} else if (!is(chunk, "ALPH"))
		return true;
	memmove(*to, chunk, whole);
	*to += whole;
	return true;
}

bool
media_webp_bare(void *bytes, size_t *length)
{
	unsigned char *file = bytes, *at = file + FILE_HEAD, *to = at, *end;
	size_t whole;
	bool points = false;

	if (*length < FILE_HEAD || !is(file, "RIFF") || !is(file + 8, "WEBP") ||
	    number(file + 4) != *length - 8)
		return false;
	for (end = file + *length; at < end; at += whole) {
		if (end - at < CHUNK_HEAD)
			return false;
		whole = CHUNK_HEAD + (size_t)number(at + 4);
		whole += whole & 1;
		if (whole > (size_t)(end - at) ||
		    !keep(at, whole, &to, &points))
			return false;
	}
	*length = (size_t)(to - file);
	set_number(file + 4, (uint32_t)(*length - 8));
	return points;
}
