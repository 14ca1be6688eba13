/* SPDX-License-Identifier: ISC */
/*
 * A picture's first bytes, and the chunks of a WebP file: what is left of one
 * is one, no longer than it was, has points once and nothing but them, and is
 * left alone by a second look.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../../cgi-bin/media_kind.c"
#include "../../cgi-bin/media_webp.c"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
check_chunks(const unsigned char *file, size_t length)
{
	const unsigned char *at = file + FILE_HEAD;
	int points = 0;

	while (at < file + length) {
		must(is(at, "VP8X") || is(at, "VP8 ") || is(at, "VP8L") ||
		    is(at, "ALPH"));
		points += is(at, "VP8 ") || is(at, "VP8L");
		at += CHUNK_HEAD + number(at + 4) + (number(at + 4) & 1);
	}
	must(at == file + length && points == 1);
}

/* As a file of its own, with the sizes put right: else few would be. */
static void
check_file(const uint8_t *bytes, size_t size)
{
	unsigned char *file = malloc(size + FILE_HEAD), *again;
	size_t length = size + FILE_HEAD, second;

	memcpy(file, "RIFF....WEBP", FILE_HEAD);
	set_number(file + 4, (uint32_t)(size + 4));
	memcpy(file + FILE_HEAD, bytes, size);
	if (media_webp_bare(file, &length)) {
		must(length <= size + FILE_HEAD);
		must(media_kind_of(file, length) == MEDIA_WEBP);
		check_chunks(file, length);
		again = malloc(length);
		memcpy(again, file, length);
		second = length;
		must(media_webp_bare(again, &second) && second == length);
		must(memcmp(again, file, length) == 0);
		free(again);
	}
	free(file);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	unsigned char *copy = malloc(size + 1);
	char *type = malloc(size + 1);
	size_t length = size;

	memcpy(copy, bytes, size);
	memcpy(type, bytes, size);
	type[size] = '\0';
	media_kind_of(copy, size);
	media_kind_named(type);
	media_png_whole(copy, size);
	media_webp_bare(copy, &length);
	must(length <= size);
	check_file(bytes, size);
	free(copy);
	free(type);
	return 0;
}
