/* SPDX-License-Identifier: ISC */
/*
 * duka-admin: what the machine's administrator does for the shop: members of
 * staff, keys, settings.  Passwords are read from the terminal or from
 * standard input, never from the arguments, which others can see.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <crm/crm.h>

#include "admin.sql.h"

struct admin {
	struct crm_database	*database;
	struct crm_arena	*arena;
	const char		*first;		/* argument after the verb */
	const char		*second;
	const char		*name;		/* --name */
	const char		*roles;		/* --role, joined by spaces */
	bool			 now;		/* --now */
};

static void __attribute__((noreturn, format(printf, 1, 2)))
fail(const char *format, ...)
{
	va_list arguments;

	fputs("duka-admin: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	exit(1);
}

/* What the database said no to is the end. */
static void
need(struct admin *a, enum crm_problem problem)
{
	if (problem != CRM_OK)
		fail("%s", crm_database_error(a->database));
}

/* Reads a line without its end; exits if there is none. */
static char *
read_line(struct admin *a)
{
	char line[512];
	size_t length;

	if (fgets(line, sizeof line, stdin) == NULL)
		fail("no password was given");
	length = strcspn(line, "\r\n");
	if (line[length] == '\0' && length == sizeof line - 1)
		fail("that line is too long");
	line[length] = '\0';
	return crm_strdup(a->arena, line);
}

/* Asks on a terminal, without showing what is typed. */
static char *
ask(struct admin *a, const char *question)
{
	struct termios kept, silent;
	char *line;

	if (tcgetattr(STDIN_FILENO, &kept) != 0)
		return read_line(a);
	silent = kept;
	silent.c_lflag &= ~(tcflag_t)ECHO;
	fputs(question, stderr);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
	line = read_line(a);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &kept);
	fputc('\n', stderr);
	return line;
}

/* A new password's hash. */
static char *
new_hash(struct admin *a)
{
	char *password = ask(a, "New password: "), *hash;
	const char *wrong = crm_password_fault(password);

	if (wrong != NULL)
		fail("%s", wrong);
	if (isatty(STDIN_FILENO) &&
	    strcmp(password, ask(a, "The same again: ")) != 0)
		fail("those were two different ones");
	hash = crm_password_hash(a->arena, password);
	if (hash == NULL)
		fail("no memory for hashing");
	return hash;
}

/* The address as the API would take it. */
static const char *
email_of(struct admin *a)
{
	static const struct crm_field field = { "email", CRM_EMAIL,
	    .required = true };
	struct crm_input input;

	crm_input_init(&input, a->arena);
	if (!crm_input_text(&input, &field, a->first))
		fail("%s: %s", a->first, input.faults->message);
	return crm_input_find(&input, "email")->text;
}

static void
print_rows(const struct crm_result *rows, const char *const *columns)
{
	int row, column;

	for (row = 0; row < crm_rows(rows); row++)
		for (column = 0; columns[column] != NULL; column++)
			printf("%s%c", crm_column(rows, row, columns[column]),
			    columns[column + 1] != NULL ? '\t' : '\n');
}

static void
staff_add(struct admin *a)
{
	const char *email = email_of(a);

	if (a->name == NULL || a->roles == NULL)
		fail("staff add needs --name and --role");
	need(a, crm_database_query(a->database, a->arena, &admin_add_staff,
	    NULL, "email", email, "name", a->name, "roles", a->roles,
	    "hash", new_hash(a), NULL));
}

static void
staff_list(struct admin *a)
{
	static const char *const columns[] = { "email", "state", "roles",
	    "name", NULL };
	struct crm_result *rows;

	need(a, crm_database_query(a->database, a->arena, &admin_list_staff,
	    &rows, NULL));
	print_rows(rows, columns);
}

/* Who doesn't exist is said before a password is asked for. */
static void
staff_password(struct admin *a)
{
	need(a, crm_database_query(a->database, a->arena, &admin_find_staff,
	    NULL, "email", a->first, NULL));
	need(a, crm_database_query(a->database, a->arena,
	    &admin_set_staff_password, NULL, "email", a->first, "hash",
	    new_hash(a), NULL));
}

static void
staff_roles(struct admin *a)
{
	if (a->roles == NULL)
		fail("staff roles needs --role");
	need(a, crm_database_query(a->database, a->arena,
	    &admin_set_staff_roles, NULL, "email", a->first, "roles",
	    a->roles, NULL));
}

static void
staff_state(struct admin *a, const char *state)
{
	need(a, crm_database_query(a->database, a->arena,
	    &admin_set_staff_state, NULL, "email", a->first, "state", state,
	    NULL));
}

static void
staff_disable(struct admin *a)
{
	staff_state(a, "disabled");
}

static void
staff_enable(struct admin *a)
{
	staff_state(a, "active");
}

static void
staff_totp(struct admin *a)
{
	need(a, crm_database_query(a->database, a->arena,
	    &admin_drop_staff_totp, NULL, "email", a->first, NULL));
}

static void
key_list(struct admin *a)
{
	static const char *const columns[] = { "kid", "state", "created_at",
	    "retires_at", NULL };
	struct crm_result *rows;

	need(a, crm_database_query(a->database, a->arena, &admin_list_keys,
	    &rows, NULL));
	print_rows(rows, columns);
}

static void
key_rotate(struct admin *a)
{
	struct crm_key key;

	crm_key_generate(&key);
	need(a, crm_database_query(a->database, a->arena, &admin_rotate_key,
	    NULL, "kid", key.kid,
	    "public_key", crm_base64url(a->arena, key.public_key,
	    CRM_KEY_SIZE),
	    "private_key", crm_base64url(a->arena, key.private_key,
	    CRM_KEY_SIZE), "now", a->now ? "true" : "false", NULL));
	printf("%s\n", key.kid);
}

static void
setting_list(struct admin *a)
{
	static const char *const columns[] = { "key", "value", "about", NULL };
	struct crm_result *rows;

	need(a, crm_database_query(a->database, a->arena,
	    &admin_list_settings, &rows, NULL));
	print_rows(rows, columns);
}

static void
setting_get(struct admin *a)
{
	struct crm_result *rows;

	need(a, crm_database_query(a->database, a->arena, &admin_get_setting,
	    &rows, "key", a->first, NULL));
	if (crm_rows(rows) == 0)
		fail("there is no setting %s", a->first);
	printf("%s\n", crm_column(rows, 0, "value"));
}

/* A value that the programs would not understand is refused here. */
static void
check_setting(const char *key, const char *value)
{
	int64_t limit, seconds;

	if (strncmp(key, "limit.", 6) == 0 &&
	    !crm_limit_parse(value, &limit, &seconds))
		fail("a limit is \"off\", or such as \"100/hour\"");
	if (strncmp(key, "switch.", 7) == 0 && strcmp(value, "on") != 0 &&
	    strcmp(value, "off") != 0)
		fail("a switch is \"on\" or \"off\"");
	if (strcmp(key, "shop.currency") == 0 &&
	    crm_currency_digits(value) < 0)
		fail("%s is no ISO 4217 currency", value);
	if (strcmp(key, "shop.tax_mode") == 0 &&
	    strcmp(value, "inclusive") != 0 && strcmp(value, "exclusive") != 0)
		fail("the tax mode is \"inclusive\" or \"exclusive\"");
	if (strcmp(key, "shop.country") == 0 && (strlen(value) != 2 ||
	    strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 2))
		fail("a country is two capital letters");
	if (strcmp(key, "shop.origin") == 0 && value[0] != '\0' &&
	    strncmp(value, "http://", 7) != 0 &&
	    strncmp(value, "https://", 8) != 0)
		fail("the origin is such as https://shop.example");
	if (strpbrk(value, "\r\n") != NULL || strlen(value) > 4000)
		fail("a value has one line and at most 4,000 bytes");
}

static void
setting_set(struct admin *a)
{
	struct crm_result *rows;

	check_setting(a->first, a->second);
	need(a, crm_database_query(a->database, a->arena, &admin_set_setting,
	    &rows, "key", a->first, "value", a->second, NULL));
	if (crm_rows(rows) == 0)
		fail("there is no setting %s", a->first);
}

static void
customer_show(struct admin *a)
{
	static const char *const columns[] = { "name", "value", NULL };
	struct crm_result *rows;

	need(a, crm_database_query(a->database, a->arena,
	    &admin_show_customer, &rows, "name", a->first, NULL));
	print_rows(rows, columns);
}

static void
customer_state(struct admin *a, const char *state)
{
	need(a, crm_database_query(a->database, a->arena,
	    &admin_set_customer_state, NULL, "name", a->first, "state", state,
	    NULL));
}

static void
customer_disable(struct admin *a)
{
	customer_state(a, "disabled");
}

static void
customer_enable(struct admin *a)
{
	customer_state(a, "active");
}

static void
tidy(struct admin *a)
{
	struct crm_result *rows;

	need(a, crm_database_query(a->database, a->arena, &admin_tidy, &rows,
	    NULL));
	printf("%s\n", crm_column(rows, 0, "gone"));
}

static const struct verb {
	const char	*noun, *name;
	int		 arguments;
	void		(*run)(struct admin *);
	const char	*options;	/* letters of those it takes */
	const char	*about;
} verbs[] = {
	{ "staff", "add", 1, staff_add, "nr",
	    "staff add EMAIL --name NAME --role ROLE [--role ROLE ...]" },
	{ "staff", "list", 0, staff_list, "", "staff list" },
	{ "staff", "roles", 1, staff_roles, "r",
	    "staff roles EMAIL --role ROLE [--role ROLE ...]" },
	{ "staff", "password", 1, staff_password, "",
	    "staff password EMAIL" },
	{ "staff", "disable", 1, staff_disable, "", "staff disable EMAIL" },
	{ "staff", "enable", 1, staff_enable, "", "staff enable EMAIL" },
	{ "staff", "totp-reset", 1, staff_totp, "",
	    "staff totp-reset EMAIL" },
	{ "customer", "show", 1, customer_show, "",
	    "customer show EMAIL|USERNAME" },
	{ "customer", "disable", 1, customer_disable, "",
	    "customer disable EMAIL|USERNAME" },
	{ "customer", "enable", 1, customer_enable, "",
	    "customer enable EMAIL|USERNAME" },
	{ "key", "list", 0, key_list, "", "key list" },
	{ "key", "rotate", 0, key_rotate, "w", "key rotate [--now]" },
	{ "setting", "list", 0, setting_list, "", "setting list" },
	{ "setting", "get", 1, setting_get, "", "setting get KEY" },
	{ "setting", "set", 2, setting_set, "", "setting set KEY VALUE" },
	{ "tidy", NULL, 0, tidy, "", "tidy" },
};

#define VERBS	(sizeof verbs / sizeof verbs[0])

static void __attribute__((noreturn))
usage(void)
{
	size_t i;

	for (i = 0; i < VERBS; i++)
		fprintf(stderr, "%s duka-admin %s\n",
		    i == 0 ? "usage:" : "      ", verbs[i].about);
	exit(2);
}

static const struct verb *
find_verb(int *argc, char ***argv)
{
	size_t i;

	for (i = 0; i < VERBS; i++) {
		if (*argc < 1 || strcmp(verbs[i].noun, (*argv)[0]) != 0)
			continue;
		if (verbs[i].name != NULL && (*argc < 2 ||
		    strcmp(verbs[i].name, (*argv)[1]) != 0))
			continue;
		*argc -= verbs[i].name != NULL ? 2 : 1;
		*argv += verbs[i].name != NULL ? 2 : 1;
		return &verbs[i];
	}
	usage();
}

/* An option that the verb takes, at argv[0]; how many arguments it used. */
static int
take_option(struct admin *a, const struct verb *verb, int argc, char *argv[])
{
	const char *value = argc > 1 ? argv[1] : NULL;

	if (strcmp(argv[0], "--now") == 0 && strchr(verb->options, 'w')) {
		a->now = true;
		return 1;
	}
	if (value != NULL && strcmp(argv[0], "--name") == 0 &&
	    strchr(verb->options, 'n')) {
		a->name = value;
		return 2;
	}
	if (value != NULL && strcmp(argv[0], "--role") == 0 &&
	    strchr(verb->options, 'r') && strchr(value, ' ') == NULL) {
		a->roles = a->roles == NULL ? value :
		    crm_format(a->arena, "%s %s", a->roles, value);
		return 2;
	}
	usage();
}

static void
take_arguments(struct admin *a, const struct verb *verb, int argc,
    char *argv[])
{
	int used, count = 0;

	while (argc > 0) {
		used = 1;
		if (strncmp(argv[0], "--", 2) == 0)
			used = take_option(a, verb, argc, argv);
		else if (count++ == 0)
			a->first = argv[0];
		else
			a->second = argv[0];
		argc -= used;
		argv += used;
	}
	if (count != verb->arguments)
		usage();
}

int
main(int argc, char *argv[])
{
	struct admin a = { 0 };
	const struct verb *verb;

	argc--;
	argv++;
	verb = find_verb(&argc, &argv);
	a.arena = crm_arena_new(16u << 20);
	a.database = crm_database_new("duka_admin");
	take_arguments(&a, verb, argc, argv);
	verb->run(&a);
	crm_database_free(a.database);
	crm_arena_free(a.arena);
	return fflush(stdout) == 0 ? 0 : 1;
}
