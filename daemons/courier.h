/* SPDX-License-Identifier: ISC */
/* courier's own parts. */
#ifndef COURIER_H
#define COURIER_H

#include <stdbool.h>

#include <crm/crm.h>

/* A row of the outbox, claimed. */
struct letter {
	const char	*id, *template, *recipient, *data;
	const char	*attachment_name, *attachment_type, *attachment;
	long		 attachment_length;
	const char	*sender, *shop;
	const char	*words;		/* what it is written from, as JSON */
};

/* The mail that a letter stands for, by its templates; false with `*why`. */
bool courier_compose(struct crm_arena *, const struct letter *,
    struct crm_mail *, const char **why);

/* Composes and sends it in a process of its own that is ended when it takes
 * longer than a minute.  `*why` lives in the arena. */
enum crm_mail_result courier_deliver(struct crm_arena *,
    const struct letter *, const char **why);

/* The store of pictures, if DUKA_S3 names one. */
struct store_place {
	const char	*url;		/* objects lie below it */
	const char	*region, *key, *secret;
	const char	*folder;	/* DUKA_MEDIA */
};

/* modules/courier_s3.c: puts the object, or removes it if there are no bytes;
 * false with *why, which lives in the arena. */
struct store_door {
	bool	(*send)(struct crm_arena *, const struct store_place *,
		    const char *name, const void *bytes, size_t length,
		    long seconds, const char **why);
};
extern const struct store_door courier_s3;

enum store_result {
	STORE_DONE,
	STORE_NOT_THIS,		/* this one can't be, others may */
	STORE_AWAY
};

/* A row of picture_file, claimed. */
struct store_work {
	const char	*digest, *tries;
	const char	*widths, *known;	/* with spaces, as an array */
	bool		 leaving, again;
};

/* What was done until nothing was due, or the store was away. */
struct store_round {
	const struct store_door	*door;
	struct store_place	 place;
	enum crm_problem	 problem;
	int			 stored, removed, failed;
};

/* courier_store.c.  A round goes on until nothing is due; `at_once` does so
 * even if the store was away a moment ago.  False with a line in the log if
 * it can't begin, or if the database is away. */
bool courier_store_wanted(void);
bool courier_store_round(struct crm_database *, bool at_once,
    struct store_round *);

/* Starts a process for a round if one is due and none runs; otherwise the
 * milliseconds until one is, or -1 if there is nothing to wait for. */
int64_t courier_store_look(struct crm_database *, struct crm_arena *);
void courier_store_end(void);

/* courier store */
int courier_store(struct crm_database *, int argc, char *argv[]);

#endif
