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
};

/* The mail that a letter stands for, by its templates; false with `*why`. */
bool courier_compose(struct crm_arena *, const struct letter *,
    struct crm_mail *, const char **why);

/* Composes and sends it in a process of its own that is ended when it takes
 * longer than a minute.  `*why` lives in the arena. */
enum crm_mail_result courier_deliver(struct crm_arena *,
    const struct letter *, const char **why);

#endif
