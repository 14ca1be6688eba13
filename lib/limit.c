/* SPDX-License-Identifier: ISC */
/*
 * The generic cell rate algorithm: of each key one time is kept, the one at
 * which all that was counted will have been paid back.  A count moves it
 * forward; it may not be further ahead than the limit's whole window.
 *
 * The table is sets of eight ways.  A key's entry is found by a keyed hash,
 * so that nobody outside can choose whose entry he meets; ways fill from the
 * first and never become empty again, so that two processes which both miss
 * a key contend for the same way and one of them finds the other's.  When a
 * set is full the entry that is paid back first makes room: a flood of new
 * keys with one count each pushes out its like, not a login's failures.
 *
 * Both words of an entry are atomic, but not together: at a replacement a
 * count may be lost or be put on the newcomer's account.  One count, where
 * the table is full; no lock, so none is left behind by who was killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <crm/limit.h>

#define NANOSECONDS	INT64_C(1000000000)
#define MAGIC		"duka limits 1"
#define SETS		8192
#define WAYS		8
#define ATTEMPTS	1000	/* of a count, at contention */
#define LIMIT_MOST	INT64_C(1000000000)

_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "64-bit atomics without locks");

struct entry {
	_Atomic uint64_t	tag;	/* the key's hash; 0: empty */
	_Atomic int64_t		paid;	/* when all is paid back */
};

struct table {
	char		magic[16];
	char		boot[40];	/* the clock is that boot's */
	uint64_t	secret[2];
	char		unused[56];
	struct entry	entries[SETS][WAYS];
};

struct crm_limits {
	struct table	*table;
};

/* Which boot of the machine this is; the clock starts anew with each. */
static void
read_boot(char boot[40])
{
	ssize_t length;
	int fd;

	memset(boot, 0, 40);
	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, boot, 36);
	if (length < 36)
		memset(boot, 0, 40);
	close(fd);
}

/* Whether the file is a table of this boot.  An empty one is made one. */
static bool
prepare(int fd)
{
	struct table head;
	struct stat file;
	char boot[40];
	size_t size = offsetof(struct table, entries);

	if (fstat(fd, &file) != 0)
		return false;
	read_boot(boot);
	if (file.st_size == sizeof(struct table))
		return pread(fd, &head, size, 0) == (ssize_t)size &&
		    memcmp(head.magic, MAGIC, sizeof MAGIC) == 0 &&
		    memcmp(head.boot, boot, sizeof boot) == 0;
	if (file.st_size != 0)
		return false;
	memset(&head, 0, size);
	memcpy(head.magic, MAGIC, sizeof MAGIC);
	memcpy(head.boot, boot, sizeof boot);
	if (getrandom(head.secret, sizeof head.secret, 0) !=
	    sizeof head.secret)
		return false;
	/* Workers may run as several users of one group. */
	fchmod(fd, 0660);
	/* With its blocks: on a full disk a write into a hole of the mapping
	 * would end the process. */
	errno = posix_fallocate(fd, 0, sizeof(struct table));
	return errno == 0 && pwrite(fd, &head, size, 0) == (ssize_t)size;
}

/* Whether the path still leads to the open file. */
static bool
same_file(int fd, const char *path)
{
	struct stat opened, named;

	return fstat(fd, &opened) == 0 && stat(path, &named) == 0 &&
	    opened.st_ino == named.st_ino && opened.st_dev == named.st_dev;
}

/* The file, made if need be, one process at a time.  One of another version
 * or boot is put aside, not changed: others may have it mapped. */
static int
open_table(const char *path)
{
	int attempt, fd, failure;

	for (attempt = 0; attempt < 10; attempt++) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0660);
		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX) == 0 && same_file(fd, path)) {
			if (prepare(fd))
				return fd;
			unlink(path);
		}
		failure = errno;
		close(fd);
		errno = failure;
	}
	return -1;
}

struct crm_limits *
crm_limits_open(const char *path)
{
	static struct crm_limits limits[4];
	struct crm_limits *free_one = NULL;
	size_t i;
	int fd;

	for (i = 0; i < sizeof limits / sizeof limits[0]; i++)
		if (limits[i].table == NULL)
			free_one = &limits[i];
	if (free_one == NULL) {
		errno = EMFILE;
		return NULL;
	}
	fd = open_table(path);
	if (fd < 0)
		return NULL;
	free_one->table = mmap(NULL, sizeof(struct table),
	    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	/* The mapping keeps the open file, and so the lock, beyond close(). */
	flock(fd, LOCK_UN);
	close(fd);
	if (free_one->table != MAP_FAILED)
		return free_one;
	free_one->table = NULL;
	return NULL;
}

void
crm_limits_close(struct crm_limits *limits)
{
	if (limits == NULL)
		return;
	munmap(limits->table, sizeof(struct table));
	limits->table = NULL;
}

/* SipHash-2-4 (Aumasson and Bernstein). */
struct sip {
	uint64_t	v[4];
	uint64_t	word;
	unsigned	length;
};

static uint64_t
rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static void
sip_rounds(uint64_t v[4], int rounds)
{
	while (rounds-- > 0) {
		v[0] += v[1];
		v[2] += v[3];
		v[1] = rotate(v[1], 13) ^ v[0];
		v[3] = rotate(v[3], 16) ^ v[2];
		v[0] = rotate(v[0], 32) + v[3];
		v[2] += v[1];
		v[1] = rotate(v[1], 17) ^ v[2];
		v[3] = rotate(v[3], 21) ^ v[0];
		v[2] = rotate(v[2], 32);
	}
}

static void
sip_word(struct sip *sip, uint64_t word)
{
	sip->v[3] ^= word;
	sip_rounds(sip->v, 2);
	sip->v[0] ^= word;
}

static void
sip_text(struct sip *sip, const char *text, size_t length)
{
	size_t i;

	for (i = 0; i < length; i++) {
		sip->word |= (uint64_t)(unsigned char)text[i] <<
		    (sip->length % 8 * 8);
		if (++sip->length % 8 == 0) {
			sip_word(sip, sip->word);
			sip->word = 0;
		}
	}
}

/* The hash of the name, a NUL and the key; never 0. */
static uint64_t
hash(const uint64_t secret[2], const char *name, const char *key)
{
	struct sip sip = { .v = {
	    secret[0] ^ UINT64_C(0x736f6d6570736575),
	    secret[1] ^ UINT64_C(0x646f72616e646f6d),
	    secret[0] ^ UINT64_C(0x6c7967656e657261),
	    secret[1] ^ UINT64_C(0x7465646279746573) } };
	uint64_t result;

	sip_text(&sip, name, strlen(name) + 1);
	sip_text(&sip, key, strlen(key));
	sip_word(&sip, sip.word | (uint64_t)(sip.length & 0xff) << 56);
	sip.v[2] ^= 0xff;
	sip_rounds(sip.v, 4);
	result = sip.v[0] ^ sip.v[1] ^ sip.v[2] ^ sip.v[3];
	return result != 0 ? result : 1;
}

/* The entry of a tag, which may have to be taken from another; NULL if
 * somebody was faster (look again). */
static struct entry *
find(struct entry set[WAYS], uint64_t tag)
{
	struct entry *victim = NULL;
	int64_t paid, least = INT64_MAX;
	uint64_t there = 0;
	int i;

	for (i = 0; i < WAYS; i++) {
		there = atomic_load(&set[i].tag);
		if (there == tag)
			return &set[i];
		if (there == 0) {
			if (atomic_compare_exchange_strong(&set[i].tag,
			    &there, tag) || there == tag)
				return &set[i];
		}
		paid = atomic_load(&set[i].paid);
		if (paid < least) {
			least = paid;
			victim = &set[i];
		}
	}
	if (victim == NULL)
		return NULL;
	/* Forgiven first, then renamed: whatever happens between, nobody
	 * inherits another's debt. */
	there = atomic_load(&victim->tag);
	if (!atomic_compare_exchange_strong(&victim->paid, &least, 0) ||
	    !atomic_compare_exchange_strong(&victim->tag, &there, tag))
		return NULL;
	return victim;
}

static int64_t
seconds_up(int64_t nanoseconds)
{
	return nanoseconds <= 0 ? 0 :
	    (nanoseconds + NANOSECONDS - 1) / NANOSECONDS;
}

/* One try to count; 0 if another was faster. */
static int
count(struct crm_limits *limits, uint64_t tag, int64_t interval,
    int64_t limit, int64_t cost, int64_t now, struct crm_limit_state *state)
{
	struct entry *entry = find(limits->table->entries[tag % SETS], tag);
	int64_t paid, base, next, window = interval * limit;

	if (entry == NULL)
		return 0;
	paid = atomic_load(&entry->paid);
	if (atomic_load(&entry->tag) != tag)
		return 0;
	/* Further ahead than can be: the limit was another one then. */
	base = paid < now || paid > now + window ? now : paid;
	next = base + interval * cost;
	if (next - now > window) {
		state->remaining = (window - (base - now)) / interval;
		state->reset = seconds_up(base - now);
		state->retry_after = seconds_up(next - now - window);
		return -1;
	}
	if (cost > 0 &&
	    !atomic_compare_exchange_strong(&entry->paid, &paid, next))
		return 0;
	state->remaining = (window - (next - now)) / interval;
	state->reset = seconds_up(next - now);
	state->retry_after = 0;
	return 1;
}

bool
crm_limit(struct crm_limits *limits, const char *name, const char *key,
    int64_t limit, int64_t seconds, int cost, int64_t now,
    struct crm_limit_state *state)
{
	struct crm_limit_state unasked;
	int64_t interval;
	uint64_t tag;
	int attempt, result = 0;

	if (state == NULL)
		state = &unasked;
	memset(state, 0, sizeof *state);
	if (limit <= 0 || seconds <= 0)
		return true;
	state->limit = state->remaining = limit;
	if (cost > limit) {		/* never, however long one waits */
		state->remaining = 0;
		state->retry_after = seconds;
		return false;
	}
	interval = seconds * NANOSECONDS / limit;
	if (interval == 0)
		interval = 1;
	tag = hash(limits->table->secret, name, key);
	for (attempt = 0; result == 0 && attempt < ATTEMPTS; attempt++)
		result = count(limits, tag, interval, limit, cost, now,
		    state);
	return result >= 0;
}

bool
crm_limit_parse(const char *text, int64_t *limit, int64_t *seconds)
{
	static const struct {
		const char	*unit;
		int64_t		 seconds;
	} units[] = { { "second", 1 }, { "minute", 60 }, { "hour", 3600 },
		{ "day", 86400 } };
	char *end;
	size_t i;

	if (strcmp(text, "off") == 0) {
		*limit = *seconds = 0;
		return true;
	}
	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	*limit = strtoll(text, &end, 10);
	if (errno != 0 || *limit < 1 || *limit > LIMIT_MOST || *end != '/')
		return false;
	for (i = 0; i < sizeof units / sizeof units[0]; i++)
		if (strcmp(end + 1, units[i].unit) == 0) {
			*seconds = units[i].seconds;
			return true;
		}
	return false;
}
