/* SPDX-License-Identifier: ISC */
/* settings: what the shop is set to: its own data, hours, taxes, shipping,
 * mails; and the outbox. */

#include "settings.h"
#include "settings.sql.h"

static const struct crm_field filter[] = {
	{ "group", CRM_TEXT, .min = 1, .max = 30, .example = "shop" },
	{ "q", CRM_TEXT, .min = 1, .max = 100,
	    .about = "Part of a key or of what is said about it" },
	CRM_END
};

#define VALUE								\
	{ "value", CRM_TEXT, .max = 4000, .nullable = true,		\
	    .example = "Duka",						\
	    .about = "As text; null puts the standard back" }

static const struct crm_field one_of_many[] = {
	{ "key", CRM_TEXT, .min = 1, .max = 64, .required = true,
	    .example = "shop.name" },
	VALUE,
	{ "version", CRM_INTEGER, .min = 1, .required = true,
	    .max = 2147483647, .example = "1",
	    .about = "The one that is meant: 412 if it is another" },
	CRM_END
};

static const struct crm_field many[] = {
	{ "settings", CRM_LIST, .of = CRM_OBJECT, .fields = one_of_many,
	    .min = 1, .max = 100, .required = true,
	    .about = "All of them, or none if one is refused" },
	CRM_END
};

static const struct crm_field one[] = { VALUE, CRM_END };

static const struct crm_field span[] = {
	{ "from", CRM_TEXT, .min = 5, .max = 5, .required = true,
	    .example = "09:00" },
	{ "to", CRM_TEXT, .min = 5, .max = 5, .required = true,
	    .example = "17:30", .about = "24:00 is the day's end" },
	CRM_END
};

#define SPANS	CRM_LIST, .of = CRM_OBJECT, .fields = span, .max = 6

static const struct crm_field week[] = {
	{ "mon", SPANS }, { "tue", SPANS }, { "wed", SPANS },
	{ "thu", SPANS }, { "fri", SPANS }, { "sat", SPANS },
	{ "sun", SPANS, .about = "Left out or empty: closed" },
	CRM_END
};

static const struct crm_field exception[] = {
	{ "day", CRM_DATE, .required = true, .example = "2026-12-25" },
	{ "hours", SPANS, .required = true, .about = "None: closed" },
	{ "note", CRM_TEXT, .max = 200, .example = "Christmas" },
	CRM_END
};

static const struct crm_field hours[] = {
	{ "week", CRM_OBJECT, .fields = week, .required = true },
	{ "exceptions", CRM_LIST, .of = CRM_OBJECT, .fields = exception,
	    .max = 100, .required = true,
	    .about = "Those from a month ago on, whole" },
	CRM_END
};

#define READ	CRM_STAFF("settings.read")
#define WRITE	CRM_STAFF("settings.write")
#define ZONES	"/api/settings/zones"
#define WAYS	"/api/settings/shipping"
#define MAILS	"/api/settings/mails"
#define VALUES	"/api/settings/values"

static const struct crm_route routes[] = {
	{ "GET", "/api/settings", READ, filter, &settings_list,
	    .answer = "SettingPage", .about = "Settings, by group" },
	{ "PATCH", "/api/settings", WRITE, many, &settings_change,
	    .answer = "SettingPage", .about = "Changes several at once" },
	{ "GET", VALUES "/{key}", READ, NULL, &settings_view,
	    .answer = "Setting", .about = "One setting" },
	{ "PATCH", VALUES "/{key}", WRITE, one, &settings_set,
	    .if_match = true, .answer = "Setting",
	    .about = "Changes one setting" },
	{ "GET", "/api/settings/shop", CRM_PUBLIC, NULL, &settings_shop,
	    .cache = 10, .answer = "ShopFacts",
	    .about = "What anyone may know of the shop" },
	{ "GET", "/api/settings/hours", READ, NULL, &settings_hours,
	    .answer = "OpeningHours", .about = "When the shop is open" },
	{ "PUT", "/api/settings/hours", WRITE, hours, &settings_put_hours,
	    .if_match = true, .answer = "OpeningHours",
	    .about = "Replaces the opening hours" },
	{ "GET", ZONES, READ, NULL, &settings_zones, .answer = "ZonePage",
	    .about = "Zones of taxes and shipping" },
	{ "POST", ZONES, WRITE, settings_zone, &settings_zone_create,
	    .status = 201, .answer = "Zone", .about = "A new zone" },
	{ "GET", ZONES "/{id}", READ, NULL, &settings_zone_view,
	    .answer = "Zone", .about = "One zone" },
	{ "PATCH", ZONES "/{id}", WRITE, settings_zone_change,
	    &settings_zone_alter, .if_match = true, .answer = "Zone",
	    .about = "Changes its name, places and rates" },
	{ "DELETE", ZONES "/{id}", WRITE, NULL, &settings_zone_remove,
	    .if_match = true, .status = 204,
	    .about = "Removes one that nothing is shipped to" },
	{ "GET", WAYS "/preview", READ, settings_parcel,
	    .handler = settings_preview_parcel, .answer = "ParcelPreview",
	    .about = "What a parcel would cost there" },
	{ "GET", WAYS, READ, NULL, &settings_methods,
	    .answer = "ShippingMethodPage", .about = "Ways of shipping" },
	{ "POST", WAYS, WRITE, settings_method, &settings_method_create,
	    .status = 201, .answer = "ShippingMethod",
	    .about = "A new way, or place to pick up" },
	{ "GET", WAYS "/{id}", READ, NULL, &settings_method_view,
	    .answer = "ShippingMethod", .about = "One way of shipping" },
	{ "PATCH", WAYS "/{id}", WRITE, settings_method_change,
	    &settings_method_alter, .if_match = true,
	    .answer = "ShippingMethod", .about = "Changes or closes it" },
	{ "DELETE", WAYS "/{id}", WRITE, NULL, &settings_method_remove,
	    .if_match = true, .status = 204,
	    .about = "Removes one that nothing was ordered with" },
	{ "GET", MAILS, READ, NULL, &settings_mails, .answer = "MailPage",
	    .about = "The mails that can be said otherwise" },
	{ "GET", MAILS "/{template}", READ, settings_mail_language,
	    .handler = settings_show_mail, .answer = "Mail",
	    .about = "One in a language, with the shipped text" },
	{ "PUT", MAILS "/{template}", WRITE, settings_mail_text,
	    .handler = settings_put_mail, .if_match = true,
	    .answer = "Mail", .about = "Says it in the shop's own words" },
	{ "DELETE", MAILS "/{template}", WRITE, settings_mail_language,
	    &settings_mail_reset, .if_match = true, .status = 204,
	    .about = "Goes back to the shipped text" },
	{ "POST", MAILS "/{template}/preview", READ, settings_mail_draft,
	    .handler = settings_preview_mail, .answer = "MailPreview",
	    .about = "As it would be sent, with sample data" },
	{ "POST", MAILS "/{template}/tries", WRITE, settings_mail_draft,
	    .handler = settings_try_mail, .status = 201, .limit = "mail",
	    .answer = "MailTry", .about = "Sends it to oneself" },
	{ "GET", "/api/outbox", CRM_STAFF("outbox.read"),
	    settings_outbox_filter, &outbox_list, .answer = "OutboxPage",
	    .about = "What waits, was sent, failed; the newest first" },
	{ "GET", "/api/outbox/figures", CRM_STAFF("outbox.read"), NULL,
	    &outbox_counts, .answer = "OutboxFigures",
	    .about = "How much waits, and since when" },
	{ "GET", "/api/outbox/{id}", CRM_STAFF("outbox.read"),
	    .handler = settings_show_outbox, .answer = "OutboxMail",
	    .about = "One mail with what it says, without keys" },
	{ "POST", "/api/outbox/again", CRM_STAFF("outbox.write"),
	    settings_outbox_again, .handler = settings_send_again,
	    .answer = "OutboxMoved",
	    .about = "Sends again what failed or was cancelled" },
	{ "POST", "/api/outbox/cancel", CRM_STAFF("outbox.write"),
	    settings_outbox_cancel, &outbox_stop, .answer = "OutboxMoved",
	    .about = "What waits is not sent" },
	CRM_END
};

int
main(int argc, char *argv[])
{
	return crm_main(argc, argv, "settings", routes, settings_statements);
}
