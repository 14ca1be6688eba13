/* SPDX-License-Identifier: ISC */
/*
 * A template is read from the front, sections by recursion; what isn't shown
 * is read too, so that a malformed template fails whatever the data is.
 */
#include <stdio.h>
#include <string.h>

#include <crm/money.h>
#include <crm/template.h>
#include <crm/text.h>

#define DEPTH_MOST	16
#define NAME_MOST	64
/* A list within itself is as long as its length to the power of its depth. */
#define TAGS_MOST	100000
#define LENGTH_MOST	(1u << 18)

/* What names are looked up in, innermost first. */
struct scope {
	const struct crm_json	*value;
	const struct scope	*outer;
};

struct template {
	struct crm_text		 text;
	struct crm_arena	*arena;
	bool			 html;
	bool			 strict;	/* each name must be known */
	int			 depth, tags;
	const char		*why;
};

struct tag {
	char		 kind;			/* # ^ / or 0: a value */
	char		 name[NAME_MOST + 1];
	const char	*start, *end;		/* of it with its braces */
};

static bool
is_money(const struct crm_json *value)
{
	int64_t amount;

	return crm_json_type(value) == CRM_JSON_OBJECT &&
	    crm_json_count(value) == 2 &&
	    crm_json_integer(crm_json_get(value, "amount"), &amount) &&
	    crm_json_type(crm_json_get(value, "currency")) ==
	    CRM_JSON_STRING;
}

/* Whether a section of it is left out. */
static bool
is_empty(const struct crm_json *value)
{
	int64_t number;

	switch (crm_json_type(value)) {
	case CRM_JSON_NONE:
	case CRM_JSON_NULL:
	case CRM_JSON_FALSE:
		return true;
	case CRM_JSON_TRUE:
		return false;
	case CRM_JSON_STRING:
		return crm_json_text(value)[0] == '\0';
	case CRM_JSON_NUMBER:
		return crm_json_integer(value, &number) && number == 0;
	case CRM_JSON_OBJECT:
		return crm_json_count(value) == 0 || (is_money(value) &&
		    crm_json_integer_of(value, "amount", 0) == 0);
	default:
		return crm_json_count(value) == 0;
	}
}

/* Follows a dotted name.  Its first part is what the innermost scope that
 * has it means; "." is the scope itself. */
static const struct crm_json *
find(const struct scope *scope, const char *name)
{
	const struct crm_json *value = NULL;
	char part[NAME_MOST + 1];
	size_t length;

	if (strcmp(name, ".") == 0)
		return scope->value;
	length = strcspn(name, ".");
	memcpy(part, name, length);
	part[length] = '\0';
	for (; scope != NULL && value == NULL; scope = scope->outer)
		value = crm_json_get(scope->value, part);
	while (name[length] == '.') {
		name += length + 1;
		length = strcspn(name, ".");
		memcpy(part, name, length);
		part[length] = '\0';
		value = crm_json_get(value, part);
	}
	return value;
}

/* As find(); NULL in a check is a fault. */
static const struct crm_json *
look_up(struct template *t, const struct scope *scope, const char *name)
{
	const struct crm_json *value = find(scope, name);

	if (value == NULL && t->strict && t->why == NULL)
		t->why = crm_format(t->arena, "{{%s}} is not known here",
		    name);
	return value;
}

static void
show_value(struct template *t, const struct crm_json *value)
{
	struct crm_text money;
	const char *text = crm_json_text(value);

	if (is_money(value)) {
		crm_text_init(&money, t->arena);
		crm_money_print(&money,
		    crm_json_integer_of(value, "amount", 0),
		    crm_json_text_of(value, "currency"));
		text = money.data;
	}
	if (text == NULL)
		return;
	if (t->html)
		crm_text_html(&t->text, text);
	else
		crm_text_puts(&t->text, text);
}

static bool
name_good(const char *name)
{
	const char *at;

	if (strcmp(name, ".") == 0)
		return true;
	for (at = name; *at != '\0'; at++)
		if ((*at < 'a' || *at > 'z') && (*at < '0' || *at > '9') &&
		    *at != '_' &&
		    (*at != '.' || at == name || at[-1] == '.' ||
		    at[1] == '\0'))
			return false;
	return at != name;
}

/* The next tag from `at` on; 0: none, -1: malformed. */
static int
next_tag(struct template *t, const char *at, struct tag *tag)
{
	const char *start, *name, *end;

	start = strstr(at, "{{");
	if (start == NULL)
		return 0;
	name = start + 2;
	end = strstr(name, "}}");
	tag->start = start;
	tag->end = end != NULL ? end + 2 : NULL;
	tag->kind = 0;
	if (*name == '#' || *name == '^' || *name == '/')
		tag->kind = *name++;
	if (end == NULL || end < name || end - name > NAME_MOST) {
		t->why = "a {{ without its }}";
		return -1;
	}
	memcpy(tag->name, name, (size_t)(end - name));
	tag->name[end - name] = '\0';
	if (name_good(tag->name))
		return 1;
	t->why = crm_format(t->arena, "\"%s\" is no name", tag->name);
	return -1;
}

/* A section's tag alone on a line takes its line along. */
static void
widen(const char *source, struct tag *tag)
{
	const char *start = tag->start, *end = tag->end;

	if (tag->kind == 0)
		return;
	while (start > source && (start[-1] == ' ' || start[-1] == '\t'))
		start--;
	while (*end == ' ' || *end == '\t')
		end++;
	if (*end == '\r' && end[1] == '\n')
		end++;
	if ((start > source && start[-1] != '\n') ||
	    (*end != '\n' && *end != '\0'))
		return;
	tag->start = start;
	tag->end = *end == '\n' ? end + 1 : end;
}

static const char *render(struct template *, const char *source,
    const char *at, const struct scope *, const char *until, bool shown);

/* A section's inside as often as its value has it; the end of its closing
 * tag, or NULL. */
static const char *
render_section(struct template *t, const char *source, const struct tag *tag,
    const struct scope *outer, bool shown)
{
	const struct crm_json *value = look_up(t, outer, tag->name), *item;
	struct scope inner = { value, outer };
	bool empty = is_empty(value);
	const char *end;

	if (!shown && crm_json_type(value) == CRM_JSON_ARRAY)
		inner.value = crm_json_first(value);

	if (++t->depth > DEPTH_MOST) {
		t->why = "sections are too deep";
		return NULL;
	}
	if (tag->kind == '^')
		end = render(t, source, tag->end, outer, tag->name,
		    shown && empty);
	else if (!shown || empty ||
	    crm_json_type(value) != CRM_JSON_ARRAY)
		end = render(t, source, tag->end, &inner, tag->name,
		    shown && !empty);
	else
		for (end = tag->end, item = crm_json_first(value);
		    item != NULL && end != NULL;
		    item = crm_json_next(item)) {
			inner.value = item;
			end = render(t, source, tag->end, &inner, tag->name,
			    true);
		}
	t->depth--;
	return end;
}

/* Renders up to the closing tag of `until`, or to the end of the source if
 * that is NULL; answers where it went on, or NULL. */
static const char *
render(struct template *t, const char *source, const char *at,
    const struct scope *scope, const char *until, bool shown)
{
	const struct crm_json *value;
	struct tag tag;
	int found;

	while ((found = next_tag(t, at, &tag)) == 1) {
		if (++t->tags > TAGS_MOST || t->text.length > LENGTH_MOST) {
			t->why = "it comes to too much";
			return NULL;
		}
		widen(source, &tag);
		if (shown)
			crm_text_add(&t->text, at, (size_t)(tag.start - at));
		at = tag.end;
		if (tag.kind == 0) {
			value = look_up(t, scope, tag.name);
			if (shown)
				show_value(t, value);
			continue;
		}
		if (tag.kind == '/') {
			if (until != NULL && strcmp(tag.name, until) == 0)
				return at;
			t->why = crm_format(t->arena, "{{/%s}} closes "
			    "nothing", tag.name);
			return NULL;
		}
		at = render_section(t, source, &tag, scope, shown);
		if (at == NULL)
			return NULL;
	}
	if (found < 0)
		return NULL;
	if (until != NULL) {
		t->why = crm_format(t->arena, "%s isn't closed", until);
		return NULL;
	}
	if (shown)
		crm_text_puts(&t->text, at);
	return at;
}

char *
crm_template(struct crm_arena *arena, const char *source,
    const struct crm_json *data, bool html, const char **why)
{
	struct template t = { .arena = arena, .html = html };
	struct scope scope = { data, NULL };

	crm_text_init(&t.text, arena);
	if (render(&t, source, source, &scope, NULL, true) == NULL) {
		if (why != NULL)
			*why = t.why;
		return NULL;
	}
	return t.text.data;
}

bool
crm_template_check(struct crm_arena *arena, const char *source,
    const struct crm_json *sample, const char **why)
{
	struct template t = { .arena = arena, .strict = true };
	struct scope scope = { sample, NULL };

	crm_text_init(&t.text, arena);
	render(&t, source, source, &scope, NULL, true);
	*why = t.why;
	return t.why == NULL;
}
