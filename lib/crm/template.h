/* SPDX-License-Identifier: ISC */
/*
 * Templates of mails: {{name}} is a value, {{#list}}…{{/list}} repeats for
 * each item (or shows once for a true value), {{^name}}…{{/name}} shows when
 * it is missing, empty or false; {{item.name}} reaches into objects; money
 * objects print as "12.50 EUR".  The data is JSON.  In HTML every value is
 * escaped; there is no way to put one in raw.
 */
#ifndef CRM_TEMPLATE_H
#define CRM_TEMPLATE_H

#include <stdbool.h>

#include <crm/arena.h>
#include <crm/json.h>

/* NULL if the template is malformed, or comes to more than 256 KiB or
 * 100,000 tags; `*why` then says so. */
char *crm_template(struct crm_arena *, const char *source,
    const struct crm_json *data, bool html, const char **why);

/* Whether a template is well formed and each name in it is known in its
 * place: the sample has all that there may be, a list at least one item. */
bool crm_template_check(struct crm_arena *, const char *source,
    const struct crm_json *sample, const char **why);

#endif
