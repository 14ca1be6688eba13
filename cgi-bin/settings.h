/* SPDX-License-Identifier: ISC */
/* What the parts of settings share. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <crm/crm.h>

/* settings_shipping.c */
extern const struct crm_field settings_zone[];
extern const struct crm_field settings_zone_change[];
extern const struct crm_field settings_method[];
extern const struct crm_field settings_method_change[];
extern const struct crm_field settings_parcel[];
crm_handler settings_preview_parcel;

/* settings_mails.c */
extern const struct crm_field settings_mail_language[];
extern const struct crm_field settings_mail_text[];
extern const struct crm_field settings_mail_draft[];
crm_handler settings_show_mail;
crm_handler settings_put_mail;
crm_handler settings_preview_mail;
crm_handler settings_try_mail;

/* Appends {language, subject, text, html} of a letter filled with data;
 * false with `*why`. */
bool settings_print_letter(struct crm_text *, const struct crm_letter *,
    const struct crm_json *data, const char **why);

/* settings_outbox.c */
extern const struct crm_field settings_outbox_filter[];
extern const struct crm_field settings_outbox_again[];
extern const struct crm_field settings_outbox_cancel[];
crm_handler settings_show_outbox;
crm_handler settings_send_again;

#endif
