/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <crm/arena.h>

/* Whether handing out `size` bytes of an arena of `most`, of which `before`
 * are gone, ends the process by SIGABRT. */
static bool
aborts(size_t most, size_t before, size_t size)
{
	struct crm_arena *arena;
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL);
		fclose(stderr);
		arena = crm_arena_new(most);
		crm_alloc(arena, before);
		crm_alloc(arena, size);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	if (WIFSIGNALED(status))
		assert_int_equal(WTERMSIG(status), SIGABRT);
	return WIFSIGNALED(status);
}

static void
ends_at_most(void **state)
{
	(void)state;
	assert_false(aborts(1000, 0, 1000));
	assert_true(aborts(1000, 0, 1001));
	assert_false(aborts(1000, 999, 1));
	assert_true(aborts(1000, 1000, 1));
	assert_false(aborts(1000, 1000, 0));
	assert_false(aborts(100000, 50000, 50000));
	assert_true(aborts(100000, 50000, 50001));
	assert_true(aborts(1000, 1, SIZE_MAX));
	assert_true(aborts(1000, 1, SIZE_MAX - 15));
	assert_true(aborts(SIZE_MAX, 1000, SIZE_MAX));
}

static void
is_zeroed_and_aligned(void **state)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 100, 4095, 4096,
		4097, 16383, 16384, 16385, 300000 };
	struct crm_arena *arena = crm_arena_new(10000000);
	size_t i, j, round;
	unsigned char *piece;

	(void)state;
	for (round = 0; round < 3; round++) {
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			piece = crm_alloc(arena, sizes[i]);
			assert_non_null(piece);
			assert_int_equal((uintptr_t)piece % 16, 0);
			for (j = 0; j < sizes[i]; j++)
				assert_int_equal(piece[j], 0);
			memset(piece, 0xa5, sizes[i]);
		}
		crm_arena_reset(arena);
	}
	crm_arena_free(arena);
}

static void
keeps_pieces_apart(void **state)
{
	struct crm_arena *arena = crm_arena_new(10000000);
	unsigned char *pieces[2000];
	size_t i, j, size;

	(void)state;
	for (i = 0; i < 2000; i++) {
		size = i * 7 % 97 + (i % 100 == 0 ? 20000 : 0);
		pieces[i] = crm_alloc(arena, size);
		memset(pieces[i], (int)(i & 0xff), size);
	}
	for (i = 0; i < 2000; i++) {
		size = i * 7 % 97 + (i % 100 == 0 ? 20000 : 0);
		for (j = 0; j < size; j++)
			assert_int_equal(pieces[i][j], i & 0xff);
	}
	crm_arena_free(arena);
}

static void
counts_and_keeps_a_block(void **state)
{
	struct crm_arena *arena = crm_arena_new(1000000);
	void *first;

	(void)state;
	assert_int_equal(crm_arena_used(arena), 0);
	first = crm_alloc(arena, 100);
	crm_alloc(arena, 50000);
	crm_alloc(arena, 0);
	assert_int_equal(crm_arena_used(arena), 50100);
	crm_arena_reset(arena);
	assert_int_equal(crm_arena_used(arena), 0);
	assert_ptr_equal(crm_alloc(arena, 100), first);
	crm_arena_free(arena);
	crm_arena_free(NULL);
}

static void
copies_and_formats(void **state)
{
	struct crm_arena *arena = crm_arena_new(1000000);
	char *text;

	(void)state;
	assert_null(crm_strdup(arena, NULL));
	assert_null(crm_strndup(arena, NULL, 3));
	assert_string_equal(crm_strdup(arena, ""), "");
	assert_string_equal(crm_strdup(arena, "duka"), "duka");
	assert_string_equal(crm_strndup(arena, "duka", 2), "du");
	assert_string_equal(crm_strndup(arena, "duka", 0), "");
	assert_string_equal(crm_strndup(arena, "du\0ka", 5), "du");
	assert_string_equal(crm_strndup(arena, "duka", 99), "duka");
	assert_string_equal(crm_format(arena, "%d of %s", 3, "you"),
	    "3 of you");
	assert_string_equal(crm_format(arena, "%s", ""), "");
	text = crm_format(arena, "%050000d", 7);
	assert_int_equal(strlen(text), 50000);
	assert_int_equal(text[49999], '7');
	crm_arena_free(arena);
}

static char order[16];
static struct crm_arena *current;

static void
note(void *what)
{
	strncat(order, what, 1);
}

static void
note_and_defer(void *what)
{
	strncat(order, what, 1);
	crm_arena_defer(current, note, "z");
}

static void
cleans_up_backwards(void **state)
{
	(void)state;
	current = crm_arena_new(100000);
	order[0] = '\0';
	crm_arena_defer(current, note, "a");
	crm_arena_defer(current, note_and_defer, "b");
	crm_arena_defer(current, note, "c");
	crm_arena_reset(current);
	assert_string_equal(order, "cbza");
	crm_arena_reset(current);
	assert_string_equal(order, "cbza");
	crm_arena_defer(current, note, "d");
	crm_arena_free(current);
	assert_string_equal(order, "cbzad");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_at_most),
		cmocka_unit_test(is_zeroed_and_aligned),
		cmocka_unit_test(keeps_pieces_apart),
		cmocka_unit_test(counts_and_keeps_a_block),
		cmocka_unit_test(copies_and_formats),
		cmocka_unit_test(cleans_up_backwards),
	};

	return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
