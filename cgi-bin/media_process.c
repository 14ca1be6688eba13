/* SPDX-License-Identifier: ISC */
/*
 * A decoder is the one part that strangers' bytes may break: it runs in a
 * process made for one picture, with nothing of the worker's but the bytes
 * and a pipe.  Memory, time and files are bounded by the kernel; whatever
 * happens to it, the worker answers.  What comes through the pipe is
 * believed no further than the points of a WebP file.
 */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "media.h"

#define SECONDS_MOST	20
#define PROCESSOR_MOST	15
/* Data segments and own mappings; the libraries' text doesn't count. */
#define MEMORY_MOST	(200u << 20)

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

struct reply {
	enum media_outcome	outcome;
	int			count;
	struct {
		int	width, height;
		size_t	length;
	} sizes[MEDIA_SIZES_MOST];
};

/* The child. */

static bool
limit(int resource, rlim_t most)
{
	const struct rlimit limits = { most, most };

	return setrlimit(resource, &limits) == 0;
}

/* Keeps the bytes' file as 3 and the pipe as 4, and opens nothing more. */
static bool
narrow(int *file, int *pipe)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t none;

	sigemptyset(&none);
	sigaction(SIGTERM, &usual, NULL);
	sigaction(SIGINT, &usual, NULL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (*pipe < 5)
		*pipe = dup2(*pipe, 5);
	if (*pipe < 0 || dup2(*file, 3) != 3 || dup2(*pipe, 4) != 4)
		return false;
	*file = 3;
	*pipe = 4;
	close(0);
	if (close_range(5, ~0u, 0) != 0)
		return false;
	alarm(SECONDS_MOST);
	/* One heap for all threads: with more, the same picture would fit into
	 * the limit or not, as they happen to run. */
	mallopt(M_ARENA_MAX, 1);
#ifndef SANITIZED
	/* What the library says is nobody's to read. */
	close(1);
	close(2);
	if (!limit(RLIMIT_DATA, MEMORY_MOST))
		return false;
#endif
	return limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_FSIZE, 0) &&
	    limit(RLIMIT_CORE, 0) && limit(RLIMIT_CPU, PROCESSOR_MOST);
}

static bool
send(int pipe, const void *bytes, size_t length)
{
	const char *at = bytes;
	ssize_t sent;

	for (; length > 0; at += sent, length -= (size_t)sent) {
		sent = write(pipe, at, length);
		if (sent < 0 && errno == EINTR)
			sent = 0;
		if (sent < 0)
			return false;
	}
	return true;
}

static enum media_outcome
make(const struct media_decoder *decoder, const void *bytes, size_t length,
    enum media_kind kind, struct media_made *made)
{
	enum media_outcome outcome = decoder->measure(bytes, length, kind);

	if (outcome == MEDIA_MADE && kind == MEDIA_PNG &&
	    !media_png_whole(bytes, length))
		return MEDIA_UNREADABLE;
	return outcome == MEDIA_MADE ? decoder->make(bytes, length, made) :
	    outcome;
}

/* The decoder is loaded first, while files can be opened; what was sent is
 * mapped when nothing can be opened any more. */
static void
decode(int file, int pipe, size_t length, enum media_kind kind)
{
	const struct media_decoder *decoder = crm_module("media_picture",
	    "media_decoder");
	struct media_made made = { 0 };
	struct reply reply = { .outcome = MEDIA_FAILED };
	const void *bytes;
	int i;

	if (!narrow(&file, &pipe))
		_exit(1);
	bytes = mmap(NULL, length, PROT_READ, MAP_SHARED, file, 0);
	if (bytes != MAP_FAILED && decoder != NULL && decoder->prepare())
		reply.outcome = make(decoder, bytes, length, kind, &made);
	reply.count = reply.outcome == MEDIA_MADE ? made.count : 0;
	for (i = 0; i < reply.count; i++) {
		reply.sizes[i].width = made.sizes[i].width;
		reply.sizes[i].height = made.sizes[i].height;
		reply.sizes[i].length = made.sizes[i].length;
	}
	if (!send(pipe, &reply, sizeof reply))
		_exit(1);
	for (i = 0; i < reply.count; i++)
		if (!send(pipe, made.sizes[i].bytes, made.sizes[i].length))
			_exit(1);
	_exit(0);
}

/* The worker. */

/* All of `length` bytes before the time is over. */
static bool
receive(int pipe, void *bytes, size_t length, int64_t until)
{
	struct pollfd readable = { .fd = pipe, .events = POLLIN };
	char *at = bytes;
	struct timespec now;
	int64_t left;
	ssize_t got;

	while (length > 0) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		left = until - (now.tv_sec * 1000 + now.tv_nsec / 1000000);
		if (left <= 0 || poll(&readable, 1, (int)left) == 0)
			return false;
		got = read(pipe, at, length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		at += got;
		length -= (size_t)got;
	}
	return true;
}

static bool
sound(const struct reply *reply)
{
	size_t all = 0;
	int i, before = 0;

	if (reply->count < 1 || reply->count > MEDIA_SIZES_MOST)
		return false;
	for (i = 0; i < reply->count; i++) {
		if (reply->sizes[i].width <= before ||
		    reply->sizes[i].width > 16383 ||
		    reply->sizes[i].height < 1 ||
		    reply->sizes[i].height > 16383 ||
		    reply->sizes[i].length < MEDIA_HEAD ||
		    reply->sizes[i].length > MEDIA_MADE_MOST - all)
			return false;
		before = reply->sizes[i].width;
		all += reply->sizes[i].length;
	}
	return true;
}

static enum media_outcome
collect(struct crm_arena *arena, int pipe, struct media_made *made)
{
	struct reply reply;
	struct media_size *size;
	struct timespec now;
	int64_t until;

	clock_gettime(CLOCK_MONOTONIC, &now);
	until = (now.tv_sec + SECONDS_MOST) * 1000;
	/* A decoder that broke off, or was ended, made nothing of it. */
	if (!receive(pipe, &reply, sizeof reply, until))
		return MEDIA_UNREADABLE;
	if (reply.outcome != MEDIA_MADE)
		return reply.outcome == MEDIA_TOO_LARGE ||
		    reply.outcome == MEDIA_UNREADABLE ? reply.outcome :
		    MEDIA_FAILED;
	if (!sound(&reply))
		return MEDIA_UNREADABLE;
	for (made->count = 0; made->count < reply.count; made->count++) {
		size = &made->sizes[made->count];
		size->width = reply.sizes[made->count].width;
		size->height = reply.sizes[made->count].height;
		size->length = reply.sizes[made->count].length;
		size->bytes = crm_alloc(arena, size->length);
		if (!receive(pipe, size->bytes, size->length, until) ||
		    !media_webp_bare(size->bytes, &size->length))
			return MEDIA_UNREADABLE;
	}
	return MEDIA_MADE;
}

/* Says of what a decoder died, for the log. */
static void
reap(pid_t child)
{
	char number[16];
	int status = 0;

	kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!WIFSIGNALED(status) || WTERMSIG(status) == SIGKILL)
		return;
	snprintf(number, sizeof number, "%d", WTERMSIG(status));
	crm_log(CRM_LOG_WARNING, "a picture ended its decoder", "signal",
	    number, NULL);
}

enum media_outcome
media_make(struct crm_arena *arena, int file, size_t length,
    enum media_kind kind, struct media_made *made)
{
	enum media_outcome outcome;
	int ends[2];
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return MEDIA_FAILED;
	child = fork();
	if (child == 0) {
		close(ends[0]);
		decode(file, ends[1], length, kind);
	}
	close(ends[1]);
	outcome = child > 0 ? collect(arena, ends[0], made) : MEDIA_FAILED;
	close(ends[0]);
	if (child > 0)
		reap(child);
	return outcome;
}
