/* SPDX-License-Identifier: ISC */
/*
 * Blocks of zeroed memory, handed out from the front.  A reset wipes what
 * was handed out, so that a block is always zero where it is free and no
 * allocation has to clear anything.  Under AddressSanitizer what isn't
 * handed out is poisoned, with a gap after each piece.
 */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <crm/arena.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

#ifdef SANITIZED
#include <sanitizer/asan_interface.h>
#define GAP		16
#define POISON(p, n)	ASAN_POISON_MEMORY_REGION(p, n)
#define UNPOISON(p, n)	ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define GAP		0
#define POISON(p, n)	((void)(p), (void)(n))
#define UNPOISON(p, n)	((void)(p), (void)(n))
#endif

#define ALIGNMENT	16
#define BLOCK		(size_t)(16 * 1024)

struct block {
	struct block	*next;
	size_t		 size, used;
	_Alignas(ALIGNMENT) unsigned char data[];
};

struct cleanup {
	struct cleanup	*next;
	void		(*function)(void *);
	void		*what;
};

struct crm_arena {
	struct block	*blocks;	/* the first is handed out from */
	struct cleanup	*cleanups;	/* the last registered first */
	size_t		 used, most;
};

static struct block *
block_new(size_t size)
{
	struct block *block;

	block = calloc(1, sizeof(*block) + size);
	if (block == NULL) {
		fputs("libcrm: out of memory\n", stderr);
		abort();
	}
	block->size = size;
	POISON(block->data, size);
	return block;
}

static void
block_wipe(struct block *block)
{
	UNPOISON(block->data, block->size);
	explicit_bzero(block->data, block->used);
	block->used = 0;
}

struct crm_arena *
crm_arena_new(size_t most)
{
	struct crm_arena *arena;

	arena = calloc(1, sizeof(*arena));
	if (arena == NULL) {
		fputs("libcrm: out of memory\n", stderr);
		abort();
	}
	arena->most = most;
	arena->blocks = block_new(BLOCK);
	return arena;
}

/* Makes room for `size` bytes in the first block.  A piece larger than a
 * block gets one of its own, behind the first, which is not yet full. */
static struct block *
room(struct crm_arena *arena, size_t size)
{
	struct block *block = arena->blocks;

	if (size <= block->size - block->used)
		return block;
	if (size > BLOCK / 4) {
		block = block_new(size);
		block->next = arena->blocks->next;
		arena->blocks->next = block;
		return block;
	}
	block = block_new(BLOCK);
	block->next = arena->blocks;
	arena->blocks = block;
	return block;
}

void *
crm_alloc(struct crm_arena *arena, size_t size)
{
	struct block *block;
	size_t whole;
	void *piece;

	if (size > arena->most || arena->most - size < arena->used) {
		fprintf(stderr, "libcrm: an arena of %zu bytes is full\n",
		    arena->most);
		abort();
	}
	whole = (size == 0 ? 1 : size) + GAP;
	whole = (whole + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	block = room(arena, whole);
	piece = block->data + block->used;
	block->used += whole;
	arena->used += size;
	UNPOISON(piece, size);
	return piece;
}

void
crm_arena_reset(struct crm_arena *arena)
{
	struct cleanup *cleanup;
	struct block *block, *next;

	while ((cleanup = arena->cleanups) != NULL) {
		arena->cleanups = cleanup->next;
		cleanup->function(cleanup->what);
	}
	for (block = arena->blocks->next; block != NULL; block = next) {
		next = block->next;
		block_wipe(block);
		free(block);
	}
	arena->blocks->next = NULL;
	block_wipe(arena->blocks);
	POISON(arena->blocks->data, arena->blocks->size);
	arena->used = 0;
}

void
crm_arena_free(struct crm_arena *arena)
{
	if (arena == NULL)
		return;
	crm_arena_reset(arena);
	UNPOISON(arena->blocks->data, arena->blocks->size);
	free(arena->blocks);
	free(arena);
}

size_t
crm_arena_used(const struct crm_arena *arena)
{
	return arena->used;
}

char *
crm_strndup(struct crm_arena *arena, const char *text, size_t length)
{
	char *copy;

	if (text == NULL)
		return NULL;
	length = strnlen(text, length);
	copy = crm_alloc(arena, length + 1);
	memcpy(copy, text, length);
	return copy;
}

char *
crm_strdup(struct crm_arena *arena, const char *text)
{
	return text == NULL ? NULL : crm_strndup(arena, text, strlen(text));
}

char *
crm_vformat(struct crm_arena *arena, const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int length;

	assert(format != NULL);
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (length < 0)		/* longer than INT_MAX: fuller than full */
		abort();
	text = crm_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	return text;
}

char *
crm_format(struct crm_arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = crm_vformat(arena, format, arguments);
	va_end(arguments);
	return text;
}

void
crm_arena_defer(struct crm_arena *arena, void (*function)(void *), void *what)
{
	struct cleanup *cleanup;

	cleanup = crm_alloc(arena, sizeof(*cleanup));
	cleanup->function = function;
	cleanup->what = what;
	cleanup->next = arena->cleanups;
	arena->cleanups = cleanup;
}
