/* SPDX-License-Identifier: ISC */
/* What the rooms of media know of each other. */
#ifndef MEDIA_H
#define MEDIA_H

#include <stdbool.h>
#include <stddef.h>

#include <crm/crm.h>

#define MEDIA_SIZES_MOST	4
#define MEDIA_BODY_MOST		(10u << 20)
/* Points of what is sent, and bytes of what is made of it. */
#define MEDIA_POINTS_MOST	40000000
#define MEDIA_MADE_MOST		(8u << 20)
/* Another's height is this many times its width at most, and the reverse. */
#define MEDIA_ASPECT_MOST	8

enum media_kind {
	MEDIA_NONE,
	MEDIA_JPEG,
	MEDIA_PNG,
	MEDIA_WEBP,
	MEDIA_GIF
};

enum media_outcome {
	MEDIA_MADE,
	MEDIA_UNREADABLE,
	MEDIA_TOO_LARGE,	/* more points than allowed */
	MEDIA_FAILED		/* ours: no process, no pipe */
};

struct media_size {
	int		 width, height;
	size_t		 length;
	void		*bytes;		/* WebP */
};

struct media_made {
	int			count;	/* sizes, ascending */
	struct media_size	sizes[MEDIA_SIZES_MOST];
};

/* media_kind.c: by the first bytes, and by what the client says it is. */
#define MEDIA_HEAD	16
enum media_kind media_kind_of(const unsigned char *, size_t);
enum media_kind media_kind_named(const char *type);
bool media_png_whole(const void *, size_t length);

/* media_webp.c: leaves of a WebP file only what its points need; false if it
 * isn't sound. */
bool media_webp_bare(void *, size_t *length);

/* modules/media_picture.c: decodes and makes the sizes; takes memory and time
 * by what it is given, and may crash over it: only for a process of its own.
 * `measure` looks at the header alone. */
struct media_decoder {
	bool			(*prepare)(void);
	enum media_outcome	(*measure)(const void *, size_t length,
				    enum media_kind);
	enum media_outcome	(*make)(const void *, size_t length,
				    struct media_made *);
};
extern const struct media_decoder media_decoder;

/* media_process.c: the same, safely, of a file's bytes. */
enum media_outcome media_make(struct crm_arena *, int file, size_t length,
    enum media_kind, struct media_made *);

/* media_store.c: files in DUKA_MEDIA.  False with a line in the log. */
bool media_store_put(struct crm_arena *, const char *digest,
    const struct media_made *);
/* Removes what is there of a digest. */
void media_store_remove(struct crm_arena *, const char *digest);
/* Goes through all digests, a batch at a time (an array as PostgreSQL writes
 * it), and removes what was left of writing; false if the folder can't be
 * read or `batch` answers so. */
bool media_store_walk(struct crm_arena *,
    bool (*batch)(void *, const char *digests), void *);

/* media_avatar.c: the drawn picture, as SVG. */
char *media_avatar_draw(struct crm_arena *, const char *initials, int hue);

#endif
