/* SPDX-License-Identifier: ISC */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include <crm/arena.h>
#include <crm/config.h>
#include <crm/log.h>
#include <crm/text.h>

#define VALUE_MOST	1000		/* bytes of one value */
#define LINE_MOST	(64u << 10)	/* of a line, with room to grow in */
#define PAIRS_MOST	24

static const struct {
	const char	*name;
	int		 priority;	/* syslog's */
} levels[] = {
	[CRM_LOG_ERROR] = { "error", LOG_ERR },
	[CRM_LOG_WARNING] = { "warning", LOG_WARNING },
	[CRM_LOG_INFO] = { "info", LOG_INFO }
};

static const char *program = "duka";
static const char *file;		/* NULL: standard error or syslog */
static int descriptor = STDERR_FILENO;
static bool to_syslog;
static time_t looked;			/* when the file was last looked at */

/* Opens the file, or opens it again when it was moved away (logrotate) since
 * the last look, a second ago or longer.  What can't be opened leaves the
 * lines where they went before. */
static void
open_file(time_t now)
{
	struct stat named, open_one;
	int fresh;

	if (file == NULL || now == looked)
		return;
	looked = now;
	if (descriptor != STDERR_FILENO && stat(file, &named) == 0 &&
	    fstat(descriptor, &open_one) == 0 &&
	    named.st_ino == open_one.st_ino &&
	    named.st_dev == open_one.st_dev)
		return;
	fresh = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC |
	    O_NOCTTY, 0640);
	if (fresh < 0)
		return;
	if (descriptor != STDERR_FILENO)
		close(descriptor);
	descriptor = fresh;
}

void
crm_log_open(const char *name)
{
	const char *where = crm_config("DUKA_LOG", NULL);

	program = name;
	to_syslog = where != NULL && strcmp(where, "syslog") == 0;
	if (to_syslog) {
		openlog(program, LOG_NDELAY | LOG_PID, LOG_DAEMON);
		return;
	}
	file = where;
	looked = 0;
	open_file(time(NULL));
}

/* A value's first bytes, not cut within a character. */
static void
add_value(struct crm_text *line, const char *value)
{
	size_t length = strnlen(value, VALUE_MOST + 1);

	if (length > VALUE_MOST)
		for (length = VALUE_MOST; length > 0 &&
		    ((unsigned char)value[length] & 0xc0) == 0x80; length--)
			;
	crm_text_json(line, crm_strndup(line->arena, value, length));
}

static void
add_pair(struct crm_text *line, const char *name, const char *value)
{
	crm_text_putc(line, ',');
	crm_text_json(line, name);
	crm_text_putc(line, ':');
	add_value(line, value);
}

static void
add_time(struct crm_text *line, const struct timespec *now)
{
	char text[32];
	struct tm utc;

	gmtime_r(&now->tv_sec, &utc);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
	crm_text_printf(line, "{\"time\":\"%s.%03ldZ\"", text,
	    now->tv_nsec / 1000000);
}

/* One write for a whole line: lines of several processes don't mix.  A line
 * that can't be written is lost; a full disk must not stop the shop. */
static void
put(enum crm_log_level level, struct crm_text *line)
{
	if (to_syslog) {
		syslog(levels[level].priority, "%s", line->data);
		return;
	}
	crm_text_putc(line, '\n');
	if (write(descriptor, line->data, line->length) < 0)
		return;
}

void
crm_log(enum crm_log_level level, const char *message, ...)
{
	static struct crm_arena *arena;
	const char *name, *value;
	struct timespec now;
	struct crm_text line;
	va_list pairs;
	char pid[16];
	int count;

	if (arena == NULL)
		arena = crm_arena_new(8 * LINE_MOST);
	clock_gettime(CLOCK_REALTIME, &now);
	open_file(now.tv_sec);
	crm_text_init(&line, arena);
	add_time(&line, &now);
	snprintf(pid, sizeof pid, "%ld", (long)getpid());
	add_pair(&line, "level", levels[level].name);
	add_pair(&line, "program", program);
	add_pair(&line, "pid", pid);
	add_pair(&line, "message", message);
	va_start(pairs, message);
	for (count = 0; count < PAIRS_MOST; count++) {
		name = va_arg(pairs, const char *);
		if (name == NULL)
			break;
		value = va_arg(pairs, const char *);
		if (value != NULL)
			add_pair(&line, name, value);
	}
	va_end(pairs);
	crm_text_putc(&line, '}');
	put(level, &line);
	crm_arena_reset(arena);
}
