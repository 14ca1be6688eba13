/* SPDX-License-Identifier: ISC */
/* Which kind of picture some bytes say they are.  Anything else is refused
 * before a decoder sees it. */
#include <string.h>
#include <strings.h>

#include "media.h"

static const struct {
	enum media_kind	 kind;
	const char	*type;
	const char	*magic;
	size_t		 length;
} kinds[] = {
	{ MEDIA_JPEG, "image/jpeg", "\xff\xd8\xff", 3 },
	{ MEDIA_PNG, "image/png", "\x89PNG\r\n\x1a\n", 8 },
	{ MEDIA_WEBP, "image/webp", "RIFF", 4 },
	{ MEDIA_GIF, "image/gif", "GIF87a", 6 },
	{ MEDIA_GIF, "image/gif", "GIF89a", 6 }
};

enum media_kind
media_kind_of(const unsigned char *bytes, size_t length)
{
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		if (length < kinds[i].length ||
		    memcmp(bytes, kinds[i].magic, kinds[i].length) != 0)
			continue;
		if (kinds[i].kind != MEDIA_WEBP || (length >= 12 &&
		    memcmp(bytes + 8, "WEBP", 4) == 0))
			return kinds[i].kind;
	}
	return MEDIA_NONE;
}

/* libvips takes a PNG that breaks off, and shows it as black from there on:
 * its chunks must come to their end. */
bool
media_png_whole(const void *bytes, size_t length)
{
	const unsigned char *at = (const unsigned char *)bytes + 8;
	const unsigned char *end = (const unsigned char *)bytes + length;
	size_t content;

	if (length < 8)
		return false;
	while (end - at >= 12) {
		content = (size_t)at[0] << 24 | (size_t)at[1] << 16 |
		    (size_t)at[2] << 8 | at[3];
		if (content > (size_t)(end - at) - 12)
			return false;
		if (memcmp(at + 4, "IEND", 4) == 0)
			return true;
		at += content + 12;
	}
	return false;
}

enum media_kind
media_kind_named(const char *type)
{
	size_t i, length;

	for (i = 0; type != NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
		length = strlen(kinds[i].type);
		if (strncasecmp(type, kinds[i].type, length) == 0 &&
		    strchr("; \t", type[length]) != NULL)
			return kinds[i].kind;
	}
	return MEDIA_NONE;
}
