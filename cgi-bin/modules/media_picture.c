/* SPDX-License-Identifier: ISC */
/*
 * libvips' room: what was sent becomes points, and these become WebP files of
 * some widths.  Nothing else of it is kept: no colour profile (points are
 * turned into sRGB), no second frame, nothing behind the end; and what Exif
 * libvips writes by itself goes in media_webp.c.
 *
 * It is a module, so that workers don't carry libvips: media_process.c loads
 * it into the process of each picture, which has no files, no database and
 * little memory then; what it allocates is gone with that.
 */
#include <stdlib.h>

#include <vips/vips.h>

#include "media.h"

#define QUALITY		80
/* Slower makes little smaller. */
#define EFFORT		3

static const int widths[MEDIA_SIZES_MOST] = { 160, 320, 640, 1280 };

/* The class that reads a kind from memory, and its loader. */
static const struct {
	const char	*class;
	int		(*load)(void *, size_t, VipsImage **, ...);
} loaders[] = {
	[MEDIA_JPEG] = { "VipsForeignLoadJpegBuffer", vips_jpegload_buffer },
	[MEDIA_PNG] = { "VipsForeignLoadPngBuffer", vips_pngload_buffer },
	[MEDIA_WEBP] = { "VipsForeignLoadWebpBuffer", vips_webpload_buffer },
	[MEDIA_GIF] = { "VipsForeignLoadNsgifBuffer", vips_gifload_buffer }
};

/* Without its plug-ins (PDF, ImageMagick, HEIF ...), without machine code
 * made on the way (which a sandbox forbids), and with four loaders only. */
static bool
prepare(void)
{
	size_t i;

	if (setenv("VIPSHOME", "/nonexistent", 1) != 0 ||
	    setenv("VIPS_NOVECTOR", "1", 1) != 0 ||
	    vips_init("media") != 0)
		return false;
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	vips_operation_block_set("VipsForeignLoad", TRUE);
	for (i = MEDIA_JPEG; i < sizeof loaders / sizeof loaders[0]; i++)
		vips_operation_block_set(loaders[i].class, FALSE);
	return true;
}

/* The size is in the header: nothing is decoded yet. */
static enum media_outcome
measure(const void *bytes, size_t length, enum media_kind kind)
{
	VipsImage *image = NULL;
	int64_t width, height;

	if (loaders[kind].load((void *)bytes, length, &image, "access",
	    VIPS_ACCESS_SEQUENTIAL, NULL) != 0)
		return MEDIA_UNREADABLE;
	width = vips_image_get_width(image);
	height = vips_image_get_height(image);
	g_object_unref(image);
	if (width < 1 || height < 1)
		return MEDIA_UNREADABLE;
	if (width * height > MEDIA_POINTS_MOST)
		return MEDIA_TOO_LARGE;
	return width > height * MEDIA_ASPECT_MOST ||
	    height > width * MEDIA_ASPECT_MOST ? MEDIA_UNREADABLE :
	    MEDIA_MADE;
}

/* The largest size in memory: turned as its orientation says, in sRGB, read
 * no finer than is needed.  A colour profile that is broken is left out. */
static VipsImage *
read_largest(void *bytes, size_t length)
{
	const int width = widths[MEDIA_SIZES_MOST - 1];
	VipsImage *image = NULL, *copy;

	if (vips_thumbnail_buffer(bytes, length, &image, width,
	    "height", width * MEDIA_ASPECT_MOST, "size", VIPS_SIZE_DOWN,
	    "export_profile", "srgb", "fail_on", VIPS_FAIL_ON_TRUNCATED,
	    NULL) != 0)
		return NULL;
	copy = vips_image_copy_memory(image);
	g_object_unref(image);
	return copy;
}

static bool
save(VipsImage *image, struct media_size *size)
{
	size->width = vips_image_get_width(image);
	size->height = vips_image_get_height(image);
	return vips_webpsave_buffer(image, &size->bytes, &size->length,
	    "Q", QUALITY, "effort", EFFORT, "strip", TRUE, NULL) == 0;
}

static bool
save_smaller(VipsImage *largest, int width, struct media_size *size)
{
	VipsImage *image = NULL;
	bool saved;

	if (vips_thumbnail_image(largest, &image, width, "height",
	    width * MEDIA_ASPECT_MOST, NULL) != 0)
		return false;
	saved = save(image, size);
	g_object_unref(image);
	return saved;
}

static enum media_outcome
make(const void *bytes, size_t length, struct media_made *made)
{
	VipsImage *largest = read_largest((void *)bytes, length);
	int i;

	if (largest == NULL)
		return MEDIA_UNREADABLE;
	made->count = 0;
	for (i = 0; i < MEDIA_SIZES_MOST - 1 &&
	    widths[i] < vips_image_get_width(largest); i++)
		if (!save_smaller(largest, widths[i],
		    &made->sizes[made->count++]))
			return MEDIA_UNREADABLE;
	return save(largest, &made->sizes[made->count++]) ? MEDIA_MADE :
	    MEDIA_UNREADABLE;
}

const struct media_decoder media_decoder = { prepare, measure, make };
