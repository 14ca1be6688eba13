/* SPDX-License-Identifier: ISC */
/*
 * A program as FastCGI worker, as CGI, or on the command line.
 *
 * A worker waits by epoll on the listening socket and on the connections
 * that nginx keeps to it, and answers one request at a time; libfcgi reads
 * the protocol.  libfcgi's own accept loop would need a connection for each
 * request, which costs half of the throughput.  Requests that only read, and
 * are there at the same time, ask the database in one round trip.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "private.h"

#define REQUEST_MEMORY	(256u << 20)
#define EVENTS_MOST	64
#define IDLE_MILLISECONDS 60000
/* nginx closes the connections it keeps after keepalive_time (see
 * nginx/duka.conf.in); a worker that ends outlives that, so that no request
 * is sent into a closing connection. */
#define DRAIN_MILLISECONDS 20000
/* The proxy sends whole requests and takes whole answers; who stops in the
 * middle must not hold the worker. */
#define STALL_SECONDS	10
#define GREETING_MILLISECONDS 1000
/* More connections wait in the kernel's queue, or go to another worker. */
#define CONNECTIONS_MOST 512
#define DRAIN_BYTES	(64u << 20)
#define READS_MOST	16

extern char **environ;

static volatile sig_atomic_t ending;

static void
end(int signal)
{
	(void)signal;
	ending = 1;
}

/* FastCGI. */

struct connection {
	struct crm_transport	 transport;
	FCGX_Request		 request;
	int			 fd;
	struct connection	*next, **link;
};

/* A request that only reads: it waits a moment for others of its kind. */
struct reading {
	struct connection	*connection;
	struct crm_request	*request;
};

struct worker {
	const struct crm_area	*area;
	struct crm_database	*database;
	struct crm_arena	*arenas[READS_MOST];
	struct reading		 readings[READS_MOST];
	int			 reading_count;
	struct crm_arena	*connections;
	struct connection	*live, *free;
	int			 live_count;
	int			 epoll;
	bool			 listening;	/* heeds the socket now */
	sigset_t		 waiting;	/* signals let in then */
};

static const char *
fcgi_parameter(struct crm_transport *transport, const char *name)
{
	struct connection *c = (struct connection *)transport;

	return FCGX_GetParam(name, c->request.envp);
}

static long
fcgi_read(struct crm_transport *transport, char *buffer, size_t size)
{
	struct connection *c = (struct connection *)transport;
	int length = FCGX_GetStr(buffer, (int)size, c->request.in);

	/* The end of the connection isn't the end of the body. */
	return length == 0 && FCGX_GetError(c->request.in) != 0 ? -1 : length;
}

static bool
fcgi_write(struct crm_transport *transport, const char *data, size_t length)
{
	struct connection *c = (struct connection *)transport;
	size_t piece;

	while (length > 0) {
		piece = length < (1 << 20) ? length : 1 << 20;
		if (FCGX_PutStr(data, (int)piece, c->request.out) < 0)
			return false;
		data += piece;
		length -= piece;
	}
	return true;
}

static void
listen_again(struct worker *w)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE };

	w->listening = epoll_ctl(w->epoll, EPOLL_CTL_ADD, 0, &event) == 0;
}

static void
stop_listening(struct worker *w)
{
	if (w->listening)
		epoll_ctl(w->epoll, EPOLL_CTL_DEL, 0, NULL);
	w->listening = false;
}

static void
drop(struct worker *w, struct connection *c)
{
	w->live_count--;
	if (!w->listening && !ending)
		listen_again(w);
	if (c->request.ipcFd >= 0)
		FCGX_Free(&c->request, 1);
	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
	c->next = w->free;
	w->free = c;
}

static struct connection *
adopt(struct worker *w, int fd)
{
	static const struct timeval patience = { .tv_sec = STALL_SECONDS };
	struct connection *c = w->free;

	if (c != NULL)
		w->free = c->next;
	else
		c = crm_alloc(w->connections, sizeof *c);
	memset(c, 0, sizeof *c);
	c->transport.parameter = fcgi_parameter;
	c->transport.read = fcgi_read;
	c->transport.write = fcgi_write;
	c->fd = fd;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	/* No listening socket: a connection that fails must not make libfcgi
	 * accept another by itself. */
	FCGX_InitRequest(&c->request, -1, FCGI_FAIL_ACCEPT_ON_INTR);
	c->request.ipcFd = fd;
	c->request.keepConnection = 1;
	/* Closed at once: else libfcgi waits up to two seconds for the other
	 * side to close first, by select(), which ends at 1024 descriptors. */
	FCGX_Detach(&c->request);
	w->live_count++;
	c->next = w->live;
	c->link = &w->live;
	if (w->live != NULL)
		w->live->link = &c->next;
	w->live = c;
	return c;
}

/* What is left of a body nobody read must not be taken for the next request;
 * and the proxy doesn't look at the answer before it has sent the whole. */
static void
drain(struct connection *c)
{
	char rest[16384];
	size_t length = 0;

	for (; length < DRAIN_BYTES; length += sizeof rest)
		if (FCGX_GetStr(rest, sizeof rest, c->request.in) <
		    (int)sizeof rest)
			return;
	c->transport.broken = true;
}

/* Ends what was answered. */
static void
conclude(struct worker *w, struct connection *c)
{
	drain(c);
	if (c->transport.broken) {
		/* Breaking off is the only way left to say that the answer
		 * is not whole. */
		drop(w, c);
		return;
	}
	FCGX_Finish_r(&c->request);
	if (c->request.ipcFd < 0)
		drop(w, c);
}

/* Answers what waits: all is asked at once, and answered as it comes.  What
 * was lost on its way (a connection, a serialization failure) is asked again
 * by itself, when nothing else is on its way. */
static void
answer_readings(struct worker *w)
{
	struct reading *readings = w->readings, *reading;
	int count = w->reading_count, i;

	w->reading_count = 0;
	for (i = 0; i < count && count > 1; i++)
		crm_request_send(readings[i].request);
	for (i = 0; i < count; i++)
		if (crm_request_take(readings[i].request)) {
			conclude(w, readings[i].connection);
			readings[i].request = NULL;
		}
	for (i = 0; i < count; i++) {
		reading = &readings[i];
		if (reading->request == NULL)
			continue;
		crm_request_answer(reading->request);
		conclude(w, reading->connection);
	}
}

static struct crm_arena *
memory(struct worker *w)
{
	struct crm_arena **arena = &w->arenas[w->reading_count];

	if (*arena == NULL)
		*arena = crm_arena_new(REQUEST_MEMORY);
	return *arena;
}

/* One request from a connection that has something to say.  Those that came
 * before it are answered before it. */
static void
answer(struct worker *w, struct connection *c)
{
	struct crm_request *r;
	char byte;

	if (recv(c->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0 ||
	    FCGX_Accept_r(&c->request) != 0) {
		drop(w, c);
		return;
	}
	c->transport.broken = false;
	r = crm_request_open(&c->transport, w->area, w->database, memory(w));
	if (crm_request_reads(r) && !w->area->one_at_a_time) {
		w->readings[w->reading_count++] = (struct reading) { c, r };
		if (w->reading_count == READS_MOST)
			answer_readings(w);
		return;
	}
	answer_readings(w);
	crm_request_answer(r);
	conclude(w, c);
}

static void
watch(struct worker *w, struct connection *c)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = c };

	if (epoll_ctl(w->epoll, EPOLL_CTL_ADD, c->fd, &event) != 0)
		drop(w, c);
}

static void
welcome(struct worker *w)
{
	struct pollfd readable = { .events = POLLIN };
	struct connection *c;
	int fd = accept4(0, NULL, NULL, SOCK_CLOEXEC);

	if (fd < 0) {
		/* Out of descriptors: not asked again before one is free. */
		if ((errno == EMFILE || errno == ENFILE) && w->live != NULL)
			stop_listening(w);
		return;
	}
	c = adopt(w, fd);
	if (w->live_count >= CONNECTIONS_MOST)
		stop_listening(w);
	if (!w->area->one_at_a_time) {
		watch(w, c);
		return;
	}
	/* One request a connection: serve it before looking at another, so
	 * that who waits is taken by a worker that is free. */
	readable.fd = fd;
	if (poll(&readable, 1, GREETING_MILLISECONDS) == 1)
		answer(w, c);
	if (w->live == c)
		watch(w, c);
}

static void
handle(struct worker *w, int timeout)
{
	struct epoll_event events[EVENTS_MOST];
	int count, i;

	count = epoll_pwait(w->epoll, events, EVENTS_MOST, timeout,
	    &w->waiting);
	if (count == 0)
		crm_database_idle(w->database);
	for (i = 0; i < count; i++)
		if (events[i].data.ptr == NULL)
			welcome(w);
		else
			answer(w, events[i].data.ptr);
	answer_readings(w);
}

/* After SIGTERM: no new connections; those that stand are served until nginx
 * lets go of them. */
static void
finish(struct worker *w)
{
	int64_t until = crm_now() + DRAIN_MILLISECONDS * 1000000LL, left;

	stop_listening(w);
	while (w->live != NULL) {
		left = (until - crm_now()) / 1000000;
		if (left <= 0)
			break;
		handle(w, (int)left);
	}
}

static void
catch_signals(struct worker *w)
{
	struct sigaction action = { .sa_handler = end };
	sigset_t blocked;

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	/* Blocked save while waiting: a signal never falls between the look
	 * at the flag and the wait. */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigaddset(&blocked, SIGINT);
	sigprocmask(SIG_BLOCK, &blocked, &w->waiting);
	sigdelset(&w->waiting, SIGTERM);
	sigdelset(&w->waiting, SIGINT);
}

/* Who starts workers anew does it at once: not in a tight loop. */
static int
refuse_to_work(void)
{
	sleep(1);
	return 1;
}

static int
work(const struct crm_area *area, struct crm_database *database)
{
	struct worker w = { .area = area, .database = database };

	/* Before signals are blocked: it must be possible to end this. */
	if (FCGX_Init() != 0 || !crm_settings_open_limits(memory(&w)))
		return refuse_to_work();
	catch_signals(&w);
	if (!crm_sandbox(area->network))
		crm_log(CRM_LOG_WARNING, "no sandbox", "error",
		    strerror(errno), NULL);
	w.connections = crm_arena_new(1 << 20);
	w.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (w.epoll >= 0 && fcntl(0, F_SETFL, O_NONBLOCK) == 0)
		listen_again(&w);
	if (!w.listening) {
		crm_log(CRM_LOG_ERROR, "cannot wait", "error",
		    strerror(errno), NULL);
		return refuse_to_work();
	}
	while (!ending)
		handle(&w, IDLE_MILLISECONDS);
	finish(&w);
	return 0;
}

/* CGI: one request from the environment and standard input. */

static const char *
cgi_parameter(struct crm_transport *transport, const char *name)
{
	(void)transport;
	return getenv(name);
}

/* Without a length there is no body (RFC 3875, 4.2). */
static long
cgi_read(struct crm_transport *transport, char *buffer, size_t size)
{
	const char *length = getenv("CONTENT_LENGTH");
	size_t got;

	(void)transport;
	if (length == NULL || length[0] == '\0')
		return 0;
	got = fread(buffer, 1, size, stdin);
	return got == 0 && ferror(stdin) ? -1 : (long)got;
}

static bool
cgi_write(struct crm_transport *transport, const char *data, size_t length)
{
	(void)transport;
	return fwrite(data, 1, length, stdout) == length &&
	    fflush(stdout) == 0;
}

/* The exit status tells cron: 0 for an answer, 1 for a problem. */
static int
serve_once(const struct crm_area *area, struct crm_database *database)
{
	struct crm_transport transport = { .parameter = cgi_parameter,
	    .read = cgi_read, .write = cgi_write, .cgi = true };

	crm_request_serve(&transport, area, database,
	    crm_arena_new(REQUEST_MEMORY));
	return transport.broken || transport.failed ? 1 : 0;
}

static int
print(void (*printer)(struct crm_text *, const struct crm_area *),
    const struct crm_area *area)
{
	struct crm_text text;

	crm_text_init(&text, crm_arena_new(64u << 20));
	printer(&text, area);
	return fwrite(text.data, 1, text.length, stdout) == text.length ?
	    0 : 1;
}

static int
usage(const struct crm_area *area)
{
	const struct crm_command *command;

	fprintf(stderr, "usage: %s routes | openapi | check | version\n",
	    area->name);
	for (command = area->commands; command != NULL &&
	    command->name != NULL; command++)
		fprintf(stderr, "       %s %s\n", area->name, command->about);
	fprintf(stderr, "       (as FastCGI worker: a listening socket on "
	    "descriptor 0)\n");
	return 2;
}

static int
command_line(const struct crm_area *area, struct crm_database *database,
    int argc, char *argv[])
{
	const struct crm_command *command;

	if (argc < 2)
		return usage(area);
	if (strcmp(argv[1], "routes") == 0)
		return print(crm_routes_print, area);
	if (strcmp(argv[1], "openapi") == 0)
		return print(crm_contract_print, area);
	if (strcmp(argv[1], "check") == 0)
		return crm_check(area, database);
	if (strcmp(argv[1], "version") == 0)
		return puts(PACKAGE_VERSION) < 0;
	for (command = area->commands; command != NULL &&
	    command->name != NULL; command++)
		if (strcmp(argv[1], command->name) == 0)
			return command->run(database, argc - 1, argv + 1);
	return usage(area);
}

static bool
is_listening(int fd)
{
	int listening = 0;
	socklen_t size = sizeof listening;

	return getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) ==
	    0 && listening;
}

/* A route that names no caller, or neither or both of statement and handler,
 * is a mistake that must not serve. */
static bool
routes_sound(const struct crm_area *area)
{
	const struct crm_route *route;
	bool sound = true;

	for (route = area->routes; route->method != NULL; route++)
		if (route->access.who == CRM_WHO_MISSING ||
		    (route->statement == NULL) == (route->handler == NULL) ||
		    (route->access.who == CRM_WHO_STAFF &&
		    route->access.permission == NULL)) {
			fprintf(stderr, "%s: %s %s: no access rule, or not "
			    "one of statement and handler\n", area->name,
			    route->method, route->path);
			sound = false;
		}
	return sound;
}

int
crm_area_main(int argc, char *argv[], const struct crm_area *area)
{
	struct crm_arena *arena = crm_arena_new(1 << 16);
	struct crm_database *database;

	if (!routes_sound(area))
		return 2;
	database = crm_database_new(crm_format(arena, "duka_%s", area->name));
	if (is_listening(0)) {
		crm_log_open(area->name);
		crm_metrics_open(area->name);
		return work(area, database);
	}
	if (getenv("GATEWAY_INTERFACE") != NULL) {
		crm_log_open(area->name);
		return serve_once(area, database);
	}
	return command_line(area, database, argc, argv);
}

int
crm_main(int argc, char *argv[], const char *name,
    const struct crm_route *routes,
    const struct crm_statement *const *statements)
{
	struct crm_area area = { .name = name, .routes = routes,
	    .statements = statements };

	return crm_area_main(argc, argv, &area);
}
