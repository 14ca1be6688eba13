/* SPDX-License-Identifier: ISC */
/*
 * Papers as PDF.  What draws them (Pango and Cairo, for any script that a
 * name is written in) is a module: it is loaded in a process made for the
 * one paper, which gets the document and a pipe, and is bounded by the
 * kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "orders.h"
#include "orders.sql.h"
#include "orders_papers.h"

#define SECONDS_MOST	20
#define PDF_MOST	(16u << 20)
#define MEMORY_MOST	(400u << 20)

const struct crm_field orders_slip[] = {
	{ "shipment_id", CRM_UUID,
	    .about = "Of this parcel, instead of what is to be packed" },
	CRM_END
};

const struct crm_field orders_slips_of[] = {
	{ "id", CRM_LIST, .of = CRM_UUID, .min = 1, .max = 100,
	    .required = true, .about = "Orders, in this order" },
	CRM_END
};

/* The child. */

static bool
send(void *data, const void *bytes, size_t length)
{
	const char *at = bytes;
	ssize_t sent;

	for (; length > 0; at += sent, length -= (size_t)sent) {
		sent = write(*(int *)data, at, length);
		if (sent < 0 && errno == EINTR)
			sent = 0;
		if (sent < 0)
			return false;
	}
	return true;
}

static bool
limit(int resource, rlim_t most)
{
	const struct rlimit limits = { most, most };

	return setrlimit(resource, &limits) == 0;
}

/* Keeps the pipe alone, as 3: fonts are still to be opened. */
static bool
narrow(int *pipe)
{
	struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t none;

	sigemptyset(&none);
	sigaction(SIGTERM, &usual, NULL);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (*pipe != 3 && dup2(*pipe, 3) != 3)
		return false;
	*pipe = 3;
	close(0);
	close_range(4, ~0u, 0);
	alarm(SECONDS_MOST);
#if !defined(__SANITIZE_ADDRESS__)
	if (!limit(RLIMIT_DATA, MEMORY_MOST))
		return false;
#endif
	return limit(RLIMIT_FSIZE, 0) && limit(RLIMIT_CORE, 0) &&
	    limit(RLIMIT_CPU, SECONDS_MOST);
}

static void
draw(int pipe, const struct crm_json *papers)
{
	const struct orders_printer *printer;

	if (!narrow(&pipe))
		_exit(1);
	printer = crm_module("orders_pdf", "orders_printer");
	_exit(printer != NULL && printer->print(papers, send, &pipe) ? 0 : 1);
}

/* The worker. */

/* Everything that comes until the end, or nothing. */
static bool
receive(int pipe, struct crm_text *pdf)
{
	struct pollfd readable = { .fd = pipe, .events = POLLIN };
	char piece[16384];
	ssize_t got;

	for (;;) {
		if (poll(&readable, 1, SECONDS_MOST * 1000) == 0)
			return false;
		got = read(pipe, piece, sizeof piece);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0 && pdf->length > 0;
		if (pdf->length + (size_t)got > PDF_MOST)
			return false;
		crm_text_add(pdf, piece, (size_t)got);
	}
}

static bool
reap(pid_t child, bool done)
{
	int status = 0;

	if (!done)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return done && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
print(const struct crm_json *papers, struct crm_text *pdf)
{
	int ends[2];
	bool done;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	child = fork();
	if (child == 0) {
		close(ends[0]);
		draw(ends[1], papers);
	}
	close(ends[1]);
	done = child > 0 && receive(ends[0], pdf);
	close(ends[0]);
	return child > 0 && reap(child, done);
}

/* Answers with what the statement says is to be printed. */
static enum crm_problem
answer(struct crm_request *r, const struct crm_statement *statement)
{
	const struct crm_json *papers;
	struct crm_result *rows;
	struct crm_text pdf;
	const char *body;
	enum crm_problem problem = crm_query_one(r, statement, &rows);

	if (problem != CRM_OK)
		return problem;
	body = crm_column(rows, 0, "body");
	papers = crm_json_parse(crm_arena(r), body, strlen(body), NULL);
	crm_text_init(&pdf, crm_arena(r));
	if (papers == NULL || !print(papers, &pdf)) {
		crm_log(CRM_LOG_ERROR, "a paper was not printed", NULL);
		return CRM_INTERNAL;
	}
	crm_answer_header(r, "Content-Disposition",
	    crm_format(crm_arena(r), "inline; filename=\"%s.pdf\"",
	    crm_column(rows, 0, "name")));
	crm_answer_as(r, "application/pdf", pdf.data, pdf.length);
	return CRM_OK;
}

enum crm_problem
orders_print_slip(struct crm_request *r)
{
	return answer(r, &orders_slip_of);
}

enum crm_problem
orders_print_slips(struct crm_request *r)
{
	return answer(r, &orders_slips);
}

enum crm_problem
orders_print_invoice(struct crm_request *r)
{
	return answer(r, &orders_manage_invoice);
}

enum crm_problem
orders_print_credit(struct crm_request *r)
{
	return answer(r, &orders_manage_credit);
}

enum crm_problem
orders_print_reversal(struct crm_request *r)
{
	return answer(r, &orders_manage_reversal);
}

enum crm_problem
orders_own_reversal(struct crm_request *r)
{
	crm_set(r, "order_key", crm_header(r, "Duka-Order-Key"));
	return answer(r, &orders_reversal);
}

enum crm_problem
orders_own_invoice(struct crm_request *r)
{
	crm_set(r, "order_key", crm_header(r, "Duka-Order-Key"));
	return answer(r, &orders_invoice);
}

enum crm_problem
orders_own_credit(struct crm_request *r)
{
	crm_set(r, "order_key", crm_header(r, "Duka-Order-Key"));
	return answer(r, &orders_credit);
}
