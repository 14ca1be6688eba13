/* SPDX-License-Identifier: ISC */
/* Mails in the shop's own words: what is shipped beside them, previews, and
 * one to oneself. */

#include <string.h>

#include "settings.h"
#include "settings.sql.h"

#define LANGUAGES	"en fr pt"

const struct crm_field settings_mail_language[] = {
	{ "language", CRM_ENUM, .values = LANGUAGES, .standard = "en" },
	CRM_END
};

const struct crm_field settings_mail_text[] = {
	{ "language", CRM_ENUM, .values = LANGUAGES, .required = true },
	{ "subject", CRM_TEXT, .min = 1, .max = 200, .required = true,
	    .example = "Thank you for your order {{number}}" },
	{ "text", CRM_TEXT, .min = 1, .max = 10000, .required = true,
	    .example = "See your order at any time:\n\n{{origin}}{{path}}" },
	CRM_END
};

const struct crm_field settings_mail_draft[] = {
	{ "language", CRM_ENUM, .values = LANGUAGES, .standard = "en" },
	{ "subject", CRM_TEXT, .min = 1, .max = 200,
	    .about = "With a text: instead of what would be sent now" },
	{ "text", CRM_TEXT, .min = 1, .max = 10000 },
	CRM_END
};

/* What a mail is to be filled with, and what it would be written from. */
struct draft {
	struct crm_letter	 letter;
	const struct crm_json	*sample;
	bool			 own;	/* of the shop, or of this request */
};

static void
set_origin(struct crm_request *r)
{
	crm_set(r, "origin", crm_config("DUKA_ORIGIN", NULL));
}

static const struct crm_json *
parsed(struct crm_request *r, const char *text)
{
	return text == NULL ? NULL : crm_json_parse(crm_arena(r), text,
	    strlen(text), NULL);
}

/* Whether both templates fit the sample; adds what doesn't as faults. */
static bool
check_words(struct crm_request *r, const struct draft *draft)
{
	const char *why;
	bool good = true;

	if (strpbrk(draft->letter.subject, "\n\t") != NULL) {
		crm_fault(r, "subject", "format", "is one line");
		good = false;
	}
	if (!crm_template_check(crm_arena(r), draft->letter.subject,
	    draft->sample, &why)) {
		crm_fault(r, "subject", "value", why);
		good = false;
	}
	if (!crm_template_check(crm_arena(r), draft->letter.text,
	    draft->sample, &why)) {
		crm_fault(r, "text", "value", why);
		good = false;
	}
	return good;
}

/* The request's own words, or what would be sent in that language now. */
static enum crm_problem
read_draft(struct crm_request *r, struct draft *draft)
{
	const char *why = NULL;
	struct crm_result *rows;
	enum crm_problem problem;

	set_origin(r);
	problem = crm_query_one(r, &settings_mail_facts, &rows);
	if (problem != CRM_OK)
		return problem;
	draft->sample = parsed(r, crm_column(rows, 0, "sample"));
	draft->letter.language = crm_input(r, "language");
	draft->letter.subject = crm_input(r, "subject");
	draft->letter.text = crm_input(r, "text");
	draft->letter.html = NULL;
	if ((draft->letter.subject == NULL) != (draft->letter.text == NULL))
		return crm_fault(r, draft->letter.text == NULL ? "text" :
		    "subject", "required", "goes with the other");
	draft->own = draft->letter.text != NULL;
	if (draft->own)
		return check_words(r, draft) ? CRM_OK : CRM_INVALID;
	return crm_letter_choose(crm_arena(r), crm_input(r, "template"),
	    parsed(r, crm_column(rows, 0, "words")), &draft->letter, &why) ?
	    CRM_OK : CRM_NOT_FOUND;
}

bool
settings_print_letter(struct crm_text *text, const struct crm_letter *letter,
    const struct crm_json *data, const char **why)
{
	struct crm_mail mail = { 0 };

	if (!crm_letter_fill(text->arena, letter, data, &mail, why))
		return false;
	crm_text_puts(text, "{\"language\":");
	crm_text_json(text, letter->language);
	crm_text_puts(text, ",\"subject\":");
	crm_text_json(text, mail.subject);
	crm_text_puts(text, ",\"text\":");
	crm_text_json(text, mail.text);
	crm_text_puts(text, ",\"html\":");
	crm_text_json(text, mail.html);
	crm_text_putc(text, '}');
	return true;
}

enum crm_problem
settings_preview_mail(struct crm_request *r)
{
	const char *why = NULL;
	struct crm_text text;
	struct draft draft;
	enum crm_problem problem = read_draft(r, &draft);

	if (problem != CRM_OK)
		return problem;
	crm_text_init(&text, crm_arena(r));
	if (!settings_print_letter(&text, &draft.letter, draft.sample, &why))
		return crm_fault(r, "text", "value", why);
	crm_answer(r, text.data);
	return CRM_OK;
}

/* Sets what is shipped in the language, or else in English. */
static bool
set_shipped(struct crm_request *r)
{
	const char *template = crm_input(r, "template"), *why;
	struct crm_letter letter;

	if (!crm_letter_shipped(crm_arena(r), template,
	    crm_input(r, "language"), &letter, &why) &&
	    !crm_letter_shipped(crm_arena(r), template, "en", &letter, &why))
		return false;
	crm_set(r, "shipped_language", letter.language);
	crm_set(r, "shipped_subject", letter.subject);
	crm_set(r, "shipped_text", letter.text);
	return true;
}

enum crm_problem
settings_show_mail(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem;

	set_origin(r);
	problem = crm_query_one(r, &settings_mail_facts, &rows);
	if (problem != CRM_OK)
		return problem;
	if (!set_shipped(r))
		return CRM_NOT_FOUND;
	return crm_answer_one(r, &settings_mail_view);
}

enum crm_problem
settings_put_mail(struct crm_request *r)
{
	struct draft draft;
	enum crm_problem problem = read_draft(r, &draft);

	if (problem == CRM_OK)
		problem = crm_execute(r, &settings_mail_put);
	return problem == CRM_OK ? settings_show_mail(r) : problem;
}

/* The words to be tried, as the outbox keeps them. */
static const char *
words_of(struct crm_request *r, const struct draft *draft)
{
	struct crm_text words;

	crm_text_init(&words, crm_arena(r));
	crm_text_puts(&words, "{\"language\":");
	crm_text_json(&words, draft->letter.language);
	if (draft->own || draft->letter.html == NULL) {
		crm_text_puts(&words, ",\"subject\":");
		crm_text_json(&words, draft->letter.subject);
		crm_text_puts(&words, ",\"text\":");
		crm_text_json(&words, draft->letter.text);
	}
	crm_text_putc(&words, '}');
	return words.data;
}

enum crm_problem
settings_try_mail(struct crm_request *r)
{
	struct draft draft;
	enum crm_problem problem = read_draft(r, &draft);

	if (problem != CRM_OK)
		return problem;
	crm_set(r, "words", words_of(r, &draft));
	crm_notify(r, "outbox");
	return crm_answer_one(r, &settings_mail_try);
}
