/* SPDX-License-Identifier: ISC */
/*
 * The pictures' files: DUKA_MEDIA/p/DIGEST-WIDTH.webp.  A file is written
 * under another name, made durable and then renamed, so that nobody ever sees
 * a part of one; the same name always has the same bytes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "media.h"

#define DIGEST		64
#define BATCH		500
#define LEFT_SECONDS	3600

static const char hexadecimal[] = "0123456789abcdef";

static const char *
folder(struct crm_arena *arena)
{
	const char *media = crm_config("DUKA_MEDIA", NULL);

	return media != NULL ? crm_format(arena, "%s/p", media) : NULL;
}

static bool
failed(const char *what, const char *name)
{
	crm_log(CRM_LOG_ERROR, "a picture was not kept", what, name,
	    "error", strerror(errno), NULL);
	return false;
}

/* The folder, made if it isn't there yet; -1. */
static int
open_folder(struct crm_arena *arena)
{
	const char *path = folder(arena);
	int fd = -1;

	if (path == NULL)
		errno = ENOENT;
	else if (mkdir(path, 0755) == 0 || errno == EEXIST)
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		failed("folder", path != NULL ? path : "DUKA_MEDIA");
	return fd;
}

static bool
write_all(int fd, const char *bytes, size_t length)
{
	ssize_t written;

	for (; length > 0; bytes += written, length -= (size_t)written) {
		written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			written = 0;
		if (written < 0)
			return false;
	}
	return true;
}

static bool
put_file(int folder, const char *name, const char *new,
    const struct media_size *size)
{
	int fd = openat(folder, new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
	    0644);
	bool done;

	if (fd < 0)
		return failed("file", new);
	/* The web server's user reads it, whatever the umask. */
	done = fchmod(fd, 0644) == 0 &&
	    write_all(fd, size->bytes, size->length) && fsync(fd) == 0;
	done = close(fd) == 0 && done;
	done = done && renameat(folder, new, folder, name) == 0;
	if (!done) {
		failed("file", name);
		unlinkat(folder, new, 0);
	}
	return done;
}

bool
media_store_put(struct crm_arena *arena, const char *digest,
    const struct media_made *made)
{
	int fd = open_folder(arena), i;
	bool done = fd >= 0;

	for (i = 0; done && i < made->count; i++)
		done = put_file(fd, crm_format(arena, "%s-%d.webp", digest,
		    made->sizes[i].width), crm_format(arena, ".new-%s",
		    crm_uuid(arena)), &made->sizes[i]);
	if (done && fsync(fd) != 0)
		done = failed("folder", "p");
	if (fd >= 0)
		close(fd);
	return done;
}

/* Whether a name begins with a digest as ours do. */
static bool
is_ours(const char *name)
{
	return strspn(name, hexadecimal) == DIGEST && name[DIGEST] == '-';
}

/* Widths aren't asked: whatever begins with the digest goes.  The widths of
 * a picture are ascending and few; those that may exist are tried. */
void
media_store_remove(struct crm_arena *arena, const char *digest)
{
	int fd = open_folder(arena);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0 || strspn(digest, hexadecimal) != DIGEST)
		return;
	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (is_ours(entry->d_name) &&
		    strncmp(entry->d_name, digest, DIGEST) == 0)
			unlinkat(fd, entry->d_name, 0);
	closedir(dir);
}

/* What a write left that never came to its end. */
static void
tidy(int folder, const char *name)
{
	struct stat about;

	if (strncmp(name, ".new-", 5) == 0 &&
	    fstatat(folder, name, &about, AT_SYMLINK_NOFOLLOW) == 0 &&
	    about.st_mtime < time(NULL) - LEFT_SECONDS)
		unlinkat(folder, name, 0);
}

static bool
give(struct crm_arena *arena, struct crm_text *text, int *count,
    bool (*batch)(void *, const char *), void *context)
{
	bool good = true;

	if (*count > 0) {
		crm_text_putc(text, '}');
		good = batch(context, text->data);
	}
	*count = 0;
	crm_text_init(text, arena);
	return good;
}

bool
media_store_walk(struct crm_arena *arena,
    bool (*batch)(void *, const char *digests), void *context)
{
	const char *path = folder(arena);
	struct dirent *entry;
	struct crm_text text;
	DIR *dir = path != NULL ? opendir(path) : NULL;
	bool good = true;
	int count = 0;

	if (dir == NULL)
		return path != NULL && errno == ENOENT;
	crm_text_init(&text, arena);
	while (good && (entry = readdir(dir)) != NULL) {
		tidy(dirfd(dir), entry->d_name);
		if (!is_ours(entry->d_name))
			continue;
		crm_text_printf(&text, "%c%.*s", count == 0 ? '{' : ',',
		    DIGEST, entry->d_name);
		if (++count == BATCH)
			good = give(arena, &text, &count, batch, context);
	}
	good = give(arena, &text, &count, batch, context) && good;
	closedir(dir);
	return good;
}
