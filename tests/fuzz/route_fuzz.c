/* SPDX-License-Identifier: ISC */
/*
 * A request's path: what is decoded is text, and encoded again gives itself;
 * a route that fits is the route with its parameters put in, and a simple
 * matcher of another kind agrees.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <crm/route.h>
#include <crm/text.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define MOST	8

static const char *const paths[] = {
	"/api/cart", "/api/cart/lines/{id}", "/api/{a}/{b}/{c}",
	"/{a}", "/{a}/", "/api/products/{slug}.json", "/{a}/x/{b}/x",
	"/a{b}c/{d}", "/{1}/{2}/{3}/{4}/{5}/{6}/{7}/{8}",
	"/{1}/{2}/{3}/{4}/{5}/{6}/{7}/{8}/{9}", ""
};

static void
must(bool holds)
{
	if (!holds)
		abort();
}

/* Puts the parameters into the pattern. */
static const char *
fill(struct crm_arena *arena, const char *pattern, const char **starts,
    const size_t *lengths, int *count)
{
	struct crm_text text;

	crm_text_init(&text, arena);
	*count = 0;
	while (*pattern != '\0') {
		if (*pattern != '{') {
			crm_text_putc(&text, *pattern++);
			continue;
		}
		crm_text_add(&text, starts[*count], lengths[*count]);
		(*count)++;
		pattern = strchr(pattern, '}') + 1;
	}
	return text.data;
}

/* Segment by segment; greedy to the segment's end, as parameters are. */
static bool
fits(const char *pattern, const char *path, int left)
{
	size_t length;

	if (*pattern == '\0')
		return *path == '\0';
	if (*pattern != '{')
		return *pattern == *path && fits(pattern + 1, path + 1, left);
	length = strcspn(path, "/");
	return length > 0 && left > 0 &&
	    fits(strchr(pattern, '}') + 1, path + length, left - 1);
}

static void
check_route(struct crm_arena *arena, const char *pattern, const char *path)
{
	const struct crm_route route = { .path = pattern };
	const char *starts[MOST];
	size_t lengths[MOST];
	int count, i;
	bool matched = crm_route_match(&route, path, starts, lengths, MOST);

	must(matched == fits(pattern, path, MOST));
	if (!matched)
		return;
	must(strcmp(fill(arena, pattern, starts, lengths, &count), path) == 0);
	for (i = 0; i < count; i++)
		must(lengths[i] > 0 &&
		    memchr(starts[i], '/', lengths[i]) == NULL);
}

static const char *
encode(struct crm_arena *arena, const char *text)
{
	struct crm_text out;

	crm_text_init(&out, arena);
	for (; *text != '\0'; text++)
		crm_text_printf(&out, "%%%02x", (unsigned char)*text);
	return out.data;
}

static void
check_decode(struct crm_arena *arena, const char *bytes, size_t size,
    bool form)
{
	char *text = crm_percent_decode(arena, bytes, size, form), *again;
	const char *code;

	if (text == NULL)
		return;
	must(strlen(text) <= size && crm_utf8_valid(text, strlen(text)));
	code = encode(arena, text);
	again = crm_percent_decode(arena, code, strlen(code), form);
	must(again != NULL && strcmp(again, text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct crm_arena *arena;
	const char *raw = (const char *)bytes, *path;
	size_t i;

	if (arena == NULL)
		arena = crm_arena_new(64 * 1024 * 1024);
	check_decode(arena, raw, size, true);
	check_decode(arena, raw, size, false);
	path = crm_percent_decode(arena, raw, size, false);
	for (i = 0; path != NULL && i < sizeof paths / sizeof paths[0]; i++)
		check_route(arena, paths[i], path);
	crm_arena_reset(arena);
	return 0;
}
