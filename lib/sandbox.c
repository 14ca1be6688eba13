/* SPDX-License-Identifier: ISC */
/*
 * After the start a worker narrows itself.  The filter forbids what a worker
 * never does and an intruder would like to, and lets the rest through: a
 * list of what is allowed would break with each release of the C library.
 * Who runs as what, and sees which files, is the process manager's part
 * (etc/systemd).
 */
#include <errno.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#include <seccomp.h>

#include <crm/sandbox.h>

/* Answered with EPERM.  A call that this machine doesn't have is skipped. */
static const int forbidden[] = {
	/* New programs. */
	SCMP_SYS(execve), SCMP_SYS(execveat),
	/* Other processes. */
	SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(process_madvise),
	SCMP_SYS(pidfd_getfd), SCMP_SYS(kcmp),
	/* The machine. */
	SCMP_SYS(mount), SCMP_SYS(umount), SCMP_SYS(umount2),
	SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen),
	SCMP_SYS(fsconfig), SCMP_SYS(fsmount), SCMP_SYS(fspick),
	SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root), SCMP_SYS(chroot),
	SCMP_SYS(unshare), SCMP_SYS(setns), SCMP_SYS(swapon),
	SCMP_SYS(swapoff), SCMP_SYS(reboot), SCMP_SYS(kexec_load),
	SCMP_SYS(kexec_file_load), SCMP_SYS(init_module),
	SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(acct),
	SCMP_SYS(quotactl), SCMP_SYS(sethostname), SCMP_SYS(setdomainname),
	SCMP_SYS(settimeofday), SCMP_SYS(clock_settime),
	SCMP_SYS(adjtimex), SCMP_SYS(clock_adjtime), SCMP_SYS(iopl),
	SCMP_SYS(ioperm), SCMP_SYS(syslog), SCMP_SYS(mknod),
	SCMP_SYS(mknodat),
	/* Corners of the kernel with many faults and no use here. */
	SCMP_SYS(bpf), SCMP_SYS(perf_event_open), SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register), SCMP_SYS(keyctl), SCMP_SYS(add_key),
	SCMP_SYS(request_key), SCMP_SYS(personality),
	SCMP_SYS(open_by_handle_at), SCMP_SYS(name_to_handle_at),
	SCMP_SYS(vhangup), SCMP_SYS(lookup_dcookie)
};

static int
forbid(scmp_filter_ctx filter, int call)
{
	int failure = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);

	return failure == -EDOM || failure == -EFAULT ? 0 : failure;
}

/* A namespace of users gives an intruder all capabilities within; clone3
 * hides its flags in memory, where a filter can't look, so it is said to be
 * missing and the C library takes clone. */
static int
forbid_namespaces(scmp_filter_ctx filter)
{
	static const unsigned long flags[] = {
		0x10000000,	/* CLONE_NEWUSER */
		0x00020000,	/* CLONE_NEWNS */
		0x40000000,	/* CLONE_NEWNET */
		0x20000000,	/* CLONE_NEWPID */
	};
	int failure;
	size_t i;

	failure = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
	    SCMP_SYS(clone3), 0);
	for (i = 0; failure == 0 && i < sizeof flags / sizeof flags[0]; i++)
		failure = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
		    SCMP_SYS(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, flags[i], flags[i]));
	return failure;
}

/* No sockets but Unix ones; with a network, those of the internet and the one
 * that names are looked up with, none of them raw.  The kernel looks at 32
 * bits of the family, the filter at 64: beyond the last all is forbidden. */
static int
forbid_sockets(scmp_filter_ctx filter, bool network)
{
	int failure, family;

	if (!network)
		return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
		    SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_NE, AF_UNIX));
	failure = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
	    SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_GT, AF_NETLINK));
	for (family = 0; failure == 0 && family < AF_NETLINK; family++)
		if (family != AF_UNIX && family != AF_INET &&
		    family != AF_INET6)
			failure = seccomp_rule_add(filter,
			    SCMP_ACT_ERRNO(EPERM), SCMP_SYS(socket), 1,
			    SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)family));
	if (failure == 0)
		failure = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
		    SCMP_SYS(socket), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, 0xf,
		    SOCK_RAW));
	return failure;
}

bool
crm_sandbox(bool network)
{
	scmp_filter_ctx filter;
	int failure = 0;
	size_t i;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return false;
	filter = seccomp_init(SCMP_ACT_ALLOW);
	if (filter == NULL) {
		errno = ENOMEM;
		return false;
	}
	/* Calls of another architecture (32 bits) would go past the rules. */
	seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
	    SCMP_ACT_KILL_PROCESS);
	for (i = 0; failure == 0 && i < sizeof forbidden / sizeof *forbidden;
	    i++)
		failure = forbid(filter, forbidden[i]);
	if (failure == 0)
		failure = forbid_namespaces(filter);
	if (failure == 0)
		failure = forbid_sockets(filter, network);
	if (failure == 0)
		failure = seccomp_load(filter);
	seccomp_release(filter);
	if (failure != 0)
		errno = -failure;
	return failure == 0;
}
