/* SPDX-License-Identifier: ISC */
/*
 * A process for each mail: libesmtp hung in two of fifteen sends in spite of
 * its timeouts, and whatever happens to it there happens to one mail.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "courier.h"

#define DEADLINE	60000		/* milliseconds */
#define MEMORY		(64u << 20)
#define ANSWER_MOST	512

/* In the child: one byte for the result, then why. */
static void
send_and_tell(const struct letter *letter, int to)
{
	struct crm_arena *arena = crm_arena_new(MEMORY);
	enum crm_mail_result result = CRM_MAIL_LATER;
	char answer[ANSWER_MOST];
	const char *why = "";
	struct crm_mail mail;
	int length;

	if (courier_compose(arena, letter, &mail, &why))
		result = crm_mail_send(arena, &mail, &why);
	length = snprintf(answer, sizeof answer, "%d%s", (int)result, why);
	if (length >= (int)sizeof answer)
		length = sizeof answer - 1;
	if (write(to, answer, (size_t)length) != length)
		_exit(1);
	_exit(0);
}

static long
milliseconds_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads what the child tells until it has closed its end; false if that
 * takes too long. */
static bool
hear(int from, char answer[ANSWER_MOST])
{
	struct pollfd end = { .fd = from, .events = POLLIN };
	long until = milliseconds_now() + DEADLINE, left;
	size_t length = 0;
	ssize_t more;

	while ((left = until - milliseconds_now()) > 0) {
		if (poll(&end, 1, (int)left) <= 0)
			continue;
		more = read(from, answer + length, ANSWER_MOST - 1 - length);
		if (more <= 0) {
			answer[length] = '\0';
			return true;
		}
		length += (size_t)more;
	}
	return false;
}

static enum crm_mail_result
result_of(struct crm_arena *arena, const char *answer, const char **why)
{
	*why = "the sending process fell";
	if (answer[0] < '0' + (int)CRM_MAIL_SENT ||
	    answer[0] > '0' + (int)CRM_MAIL_NEVER)
		return CRM_MAIL_LATER;
	*why = crm_strdup(arena, answer + 1);
	return (enum crm_mail_result)(answer[0] - '0');
}

enum crm_mail_result
courier_deliver(struct crm_arena *arena, const struct letter *letter,
    const char **why)
{
	char answer[ANSWER_MOST] = "";
	pid_t child, parent = getpid();
	bool heard;
	int ends[2];

	*why = "no process for sending";
	if (pipe(ends) != 0)
		return CRM_MAIL_LATER;
	child = fork();
	if (child < 0) {
		close(ends[0]);
		close(ends[1]);
		return CRM_MAIL_LATER;
	}
	if (child == 0) {
		/* Who can't be told the end mustn't send: it would be sent
		 * again. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		close(ends[0]);
		send_and_tell(letter, ends[1]);
	}
	close(ends[1]);
	heard = hear(ends[0], answer);
	close(ends[0]);
	if (!heard)
		kill(child, SIGKILL);
	while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	if (heard)
		return result_of(arena, answer, why);
	*why = "the relay took longer than a minute";
	return CRM_MAIL_LATER;
}
