/* SPDX-License-Identifier: ISC */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include <cmocka.h>

#include <crm/sandbox.h>

/* What `probe` answers in a child within the sandbox (-1: without one). */
static int
within(int network, int (*probe)(void))
{
	int status;
	pid_t child;

	fflush(NULL);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (network >= 0 && !crm_sandbox(network == 1))
			_exit(99);
		_exit(probe());
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), 99);
	return WEXITSTATUS(status);
}

static int
runs(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return errno;
}

static int
traces(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0 ? 0 : errno;
}

static int
mounts(void)
{
	return mount("none", "/nowhere/at/all", "tmpfs", 0, NULL) == 0 ? 0 :
	    errno;
}

static int
unshares(void)
{
	return unshare(CLONE_NEWUSER) == 0 ? 0 : errno;
}

static int
opens(int family, int type)
{
	int fd = socket(family, type, 0);

	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

static int
opens_unix(void)
{
	return opens(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC);
}

static int
opens_inet(void)
{
	return opens(AF_INET, SOCK_STREAM);
}

static int
opens_inet6(void)
{
	return opens(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC);
}

static int
opens_raw(void)
{
	return opens(AF_INET, SOCK_RAW | SOCK_CLOEXEC);
}

static int
opens_packet(void)
{
	return opens(AF_PACKET, SOCK_DGRAM);
}

/* Bits that the kernel doesn't look at must not lead past the filter. */
static int
opens_hidden(void)
{
	long fd = syscall(SYS_socket, (1UL << 32) | AF_ALG,
	    SOCK_SEQPACKET, 0);

	return fd < 0 ? errno : 0;
}

/* All families but the four that may be. */
static int
opens_strange(void)
{
	static const int known[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };
	int family, failure;
	size_t i;

	for (family = 0; family < 64; family++) {
		failure = opens(family, SOCK_DGRAM);
		for (i = 0; i < sizeof known / sizeof *known; i++)
			if (family == known[i])
				break;
		if (i == sizeof known / sizeof *known && failure != EPERM)
			return family;
	}
	return EPERM;
}

static int
looks_up(void)
{
	return opens(AF_NETLINK, SOCK_DGRAM);
}

static void *
nothing(void *unused)
{
	return unused;
}

/* Threads, children, pipes, syslog: what libraries do in passing. */
static int
lives(void)
{
	pthread_t thread;
	int pair[2], status;
	pid_t child;

	if (pthread_create(&thread, NULL, nothing, NULL) != 0 ||
	    pthread_join(thread, NULL) != 0)
		return 1;
	child = fork();
	if (child == 0)
		_exit(7);
	if (waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 7)
		return 2;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		return 3;
	openlog("sandbox_test", LOG_NDELAY, LOG_USER);
	syslog(LOG_DEBUG, "still here");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 4;
	return 0;
}

static void
no_new_programs(void **state)
{
	(void)state;
	assert_int_equal(within(-1, runs), 0);
	assert_int_equal(within(0, runs), EPERM);
	assert_int_equal(within(1, runs), EPERM);
}

static void
no_tracing_or_mounting(void **state)
{
	(void)state;
	assert_int_equal(within(-1, traces), 0);
	assert_int_equal(within(0, traces), EPERM);
	assert_int_equal(within(0, mounts), EPERM);
	assert_int_equal(within(1, unshares), EPERM);
}

static void
only_unix_sockets(void **state)
{
	(void)state;
	assert_int_equal(within(-1, opens_inet), 0);
	assert_int_equal(within(0, opens_unix), 0);
	assert_int_equal(within(0, opens_inet), EPERM);
	assert_int_equal(within(0, opens_inet6), EPERM);
	assert_int_equal(within(0, opens_packet), EPERM);
}

static void
network_when_needed(void **state)
{
	(void)state;
	assert_int_equal(within(1, opens_unix), 0);
	assert_int_equal(within(1, opens_inet), 0);
	assert_int_equal(within(1, looks_up), 0);
	assert_int_equal(within(1, opens_raw), EPERM);
	assert_int_equal(within(1, opens_packet), EPERM);
	assert_int_equal(within(1, opens_strange), EPERM);
	assert_int_equal(within(1, opens_hidden), EPERM);
}

static void
life_goes_on(void **state)
{
	(void)state;
	assert_int_equal(within(0, lives), 0);
	assert_int_equal(within(1, lives), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_new_programs),
		cmocka_unit_test(no_tracing_or_mounting),
		cmocka_unit_test(only_unix_sockets),
		cmocka_unit_test(network_when_needed),
		cmocka_unit_test(life_goes_on),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
