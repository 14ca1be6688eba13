/* SPDX-License-Identifier: ISC */
/*
 * The process's copies of what changes seldom: the shop's settings, the keys
 * that verify tokens, the limits' file.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "crm.sql.h"
#include "private.h"

#define NANOSECONDS		1000000000LL
#define SETTINGS_AGE		(1 * NANOSECONDS)
#define KEYS_AGE		(60 * NANOSECONDS)
#define KEYS_AGE_LEAST		(2 * NANOSECONDS)
#define KEYS_MOST		16

static struct crm_arena *settings_arena;
static struct crm_json *settings;
static char settings_version[24];
static int64_t settings_due;

static struct crm_key keys[KEYS_MOST];
static int key_count;
static int64_t keys_read;

static struct crm_limits *limits;

int64_t
crm_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * NANOSECONDS + now.tv_nsec;
}

/* A reading of our own, which may be asked once more on a new connection. */
static bool
look_up(struct crm_database *db, struct crm_arena *arena,
    const struct crm_statement *statement, const char **values,
    struct crm_result **rows)
{
	struct crm_step step = { .statement = statement, .values = values };
	enum crm_problem problem;

	problem = crm_steps_run(db, arena, &step, 1,
	    crm_database_in_transaction(db) ? CRM_STEPS_WITHIN :
	    CRM_STEPS_SAFE);
	*rows = step.result;
	return problem == CRM_OK;
}

/* Takes what was read in the place of what was known. */
static void
keep_settings(struct crm_arena *arena, const char *text, const char *version)
{
	if (settings_arena != NULL)
		crm_arena_free(settings_arena);
	settings_arena = arena;
	settings = crm_json_parse(arena, text, strlen(text), NULL);
	snprintf(settings_version, sizeof settings_version, "%s",
	    version != NULL ? version : "");
}

/* Asks each second whether the settings have changed, and reads them if they
 * have; what was read last stays if the database is away.  Without any, each
 * request tries: a worker that started while it was away must not go on
 * without limits and ways of paying. */
void
crm_settings_refresh(struct crm_database *db)
{
	const char *known[] = { settings_version[0] != '\0' ?
	    settings_version : NULL };
	struct crm_arena *arena;
	struct crm_result *rows;
	const char *text;
	bool read;

	if (crm_now() < settings_due)
		return;
	settings_due = crm_now() + SETTINGS_AGE;
	arena = crm_arena_new(4 << 20);
	read = look_up(db, arena, &crm_all_settings, known, &rows);
	if (read && (text = crm_column(rows, 0, "settings")) != NULL) {
		keep_settings(arena, text, crm_column(rows, 0, "version"));
		return;
	}
	if (settings == NULL)
		settings_due = 0;
	crm_arena_free(arena);
}

const char *
crm_settings_get(const char *key)
{
	return crm_json_text_of(settings, key);
}

static void
add_key(struct crm_arena *arena, const char *kid, const char *public_key)
{
	size_t length = 0;
	void *bytes = public_key != NULL ? crm_base64url_decode(arena,
	    public_key, strlen(public_key), &length) : NULL;
	struct crm_key *key = &keys[key_count];

	if (bytes == NULL || length != CRM_KEY_SIZE || kid == NULL ||
	    strlen(kid) >= sizeof key->kid)
		return;
	memset(key, 0, sizeof *key);
	strcpy(key->kid, kid);
	memcpy(key->public_key, bytes, CRM_KEY_SIZE);
	key_count++;
}

/* The keys that verify; -1 if the database doesn't answer and none are known,
 * or those of now are wanted: `fresh` asks for them, but no more often than
 * every two seconds: an unknown kid costs an attacker nothing. */
int
crm_keys(struct crm_database *db, bool fresh, const struct crm_key **found)
{
	int64_t age = fresh ? KEYS_AGE_LEAST : KEYS_AGE, now = crm_now();
	struct crm_arena *arena;
	struct crm_result *rows;
	bool read;
	int i;

	*found = keys;
	if (keys_read != 0 && now - keys_read < age)
		return key_count;
	arena = crm_arena_new(1 << 20);
	read = look_up(db, arena, &crm_verifying_keys, NULL, &rows);
	if (read) {
		keys_read = now;
		key_count = 0;
		crm_token_forget();
		for (i = 0; i < crm_rows(rows) && i < KEYS_MOST; i++)
			add_key(arena, crm_column(rows, i, "kid"),
			    crm_column(rows, i, "public_key"));
	}
	crm_arena_free(arena);
	return read || (keys_read != 0 && !fresh) ? key_count : -1;
}

const char *
crm_setting(struct crm_request *r, const char *key, const char *fallback)
{
	const char *text;

	crm_settings_refresh(r->database);
	text = crm_settings_get(key);
	return text != NULL && text[0] != '\0' ? text : fallback;
}

bool
crm_settings_open_limits(struct crm_arena *arena)
{
	const char *folder = crm_config("DUKA_RUN", NULL), *path;

	if (limits != NULL)
		return true;
	if (folder == NULL) {
		crm_log(CRM_LOG_ERROR, "no table of limits", "error",
		    "DUKA_RUN is not set", NULL);
		return false;
	}
	path = crm_format(arena, "%s/limits", folder);
	limits = crm_limits_open(path);
	if (limits == NULL)
		crm_log(CRM_LOG_ERROR, "no table of limits", "file", path,
		    "error", strerror(errno), NULL);
	return limits != NULL;
}

/* Keeps the tightest limit for the answer's headers. */
static void
keep_state(struct crm_request *r, const struct crm_limit_state *state)
{
	if (!r->limited || state->retry_after > r->limit.retry_after ||
	    (r->limit.retry_after == 0 &&
	    state->remaining < r->limit.remaining))
		r->limit = *state;
	r->limited = true;
}

/* What a limit is that was written so that nobody can read it: never none.
 * It is said once with each reading of the settings. */
#define UNREADABLE_LIMIT	60
#define UNREADABLE_SECONDS	3600

static void
read_limit(const char *name, const char *text, int64_t *limit,
    int64_t *seconds)
{
	static char said[sizeof settings_version];

	if (crm_limit_parse(text, limit, seconds))
		return;
	*limit = UNREADABLE_LIMIT;
	*seconds = UNREADABLE_SECONDS;
	if (strcmp(said, settings_version) != 0)
		crm_log(CRM_LOG_ERROR, "a limit can't be read: 60/hour",
		    "setting", name, "value", text, NULL);
	memcpy(said, settings_version, sizeof said);
}

enum crm_problem
crm_count_against(struct crm_request *r, const char *name, const char *key,
    int cost)
{
	struct crm_limit_state state = { 0 };
	const char *setting = crm_format(r->arena, "limit.%s", name), *text;
	int64_t limit, seconds;

	crm_settings_refresh(r->database);
	text = crm_settings_get(setting);
	if (text == NULL)
		return CRM_OK;
	read_limit(setting, text, &limit, &seconds);
	if (limit <= 0)
		return CRM_OK;
	/* A worker has it open since its start; a CGI opens it here. */
	if (!crm_settings_open_limits(r->arena))
		return CRM_UNAVAILABLE;
	if (crm_limit(limits, name, key, limit, seconds, cost, crm_now(),
	    &state)) {
		keep_state(r, &state);
		return CRM_OK;
	}
	keep_state(r, &state);
	return CRM_TOO_MANY_REQUESTS;
}
