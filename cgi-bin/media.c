/* SPDX-License-Identifier: ISC */
/*
 * media: pictures that customers and staff send.  None is served as it came:
 * it is decoded in a process of its own (media_process.c), and WebP files of
 * some widths are made of it, once, which nginx serves.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "media.h"
#include "media.sql.h"

#define TYPES	"image/jpeg image/png image/webp image/gif"

/* What was sent, as a file in memory that a decoder can be given. */
struct sent {
	int	file;
	size_t	length;
};

static void
forget_sent(void *what)
{
	close(((struct sent *)what)->file);
}

static enum crm_problem
take_sent(struct crm_request *r, struct sent **taken)
{
	struct sent *sent = crm_alloc(crm_arena(r), sizeof *sent);
	char buffer[65536];
	long got;

	sent->file = memfd_create("picture", MFD_CLOEXEC);
	if (sent->file < 0)
		return CRM_UNAVAILABLE;
	crm_arena_defer(crm_arena(r), forget_sent, sent);
	while ((got = crm_body_read(r, buffer, sizeof buffer)) > 0) {
		if (write(sent->file, buffer, (size_t)got) != got)
			return CRM_UNAVAILABLE;
		sent->length += (size_t)got;
	}
	*taken = sent;
	return got == 0 ? CRM_OK : crm_body_problem(r, CRM_NOT_UNDERSTOOD);
}

/* What it is, by its bytes; it must be what it was said to be. */
static enum crm_problem
find_kind(struct crm_request *r, const struct sent *sent,
    enum media_kind *kind)
{
	unsigned char head[MEDIA_HEAD];
	ssize_t length = pread(sent->file, head, sizeof head, 0);

	*kind = length > 0 ? media_kind_of(head, (size_t)length) : MEDIA_NONE;
	if (*kind == MEDIA_NONE)
		return CRM_PICTURE_NOT_READABLE;
	return *kind == media_kind_named(crm_header(r, "Content-Type")) ?
	    CRM_OK : crm_problem_detail(r, CRM_TYPE_NOT_SUPPORTED,
	    "The picture is of another type than was said");
}

static enum crm_problem
make(struct crm_request *r, struct media_made *made)
{
	struct sent *sent;
	enum media_kind kind;
	enum crm_problem problem;

	/* Who may not, or has too many, costs no decoding. */
	problem = crm_execute(r, &media_room);
	if (problem == CRM_OK)
		problem = take_sent(r, &sent);
	if (problem == CRM_OK)
		problem = find_kind(r, sent, &kind);
	if (problem != CRM_OK)
		return problem;
	switch (media_make(crm_arena(r), sent->file, sent->length, kind,
	    made)) {
	case MEDIA_MADE:
		return CRM_OK;
	case MEDIA_TOO_LARGE:
		return crm_problem_detail(r, CRM_PICTURE_TOO_LARGE,
		    "A picture has %d million points at most",
		    MEDIA_POINTS_MOST / 1000000);
	case MEDIA_UNREADABLE:
		return CRM_PICTURE_NOT_READABLE;
	default:
		return CRM_UNAVAILABLE;
	}
}

/* One digest for all sizes; their bytes follow from the largest's. */
static const char *
name(struct crm_request *r, const struct media_made *made)
{
	struct crm_text widths;
	int i;

	crm_text_init(&widths, crm_arena(r));
	for (i = 0; i < made->count; i++)
		crm_text_printf(&widths, "%c%d", i == 0 ? '{' : ',',
		    made->sizes[i].width);
	crm_text_putc(&widths, '}');
	crm_set(r, "widths", widths.data);
	crm_set(r, "height", crm_format(crm_arena(r), "%d",
	    made->sizes[made->count - 1].height));
	return crm_digest(crm_arena(r), made->sizes[made->count - 1].bytes,
	    made->sizes[made->count - 1].length);
}

/* Makes it and writes the files, which then have to get their row. */
static enum crm_problem
keep_files(struct crm_request *r)
{
	struct media_made made = { 0 };
	const char *digest;
	enum crm_problem problem = make(r, &made);

	if (problem != CRM_OK)
		return problem;
	digest = name(r, &made);
	crm_set(r, "digest", digest);
	crm_set(r, "alone", "false");
	problem = crm_execute(r, &media_hold);
	if (problem == CRM_OK && !media_store_put(crm_arena(r), digest, &made))
		problem = CRM_UNAVAILABLE;
	return problem;
}

/* Removes the files of a digest that no row has any more.  Were that to fail
 * the nightly sweep does it: the answer stands. */
static enum crm_problem
forget(struct crm_request *r, const char *digest)
{
	struct crm_result *rows;
	enum crm_problem problem;

	if (digest == NULL)
		return CRM_OK;
	problem = crm_commit(r);
	crm_set(r, "alone", "true");
	crm_set(r, "digests", crm_format(crm_arena(r), "{%s}", digest));
	if (problem == CRM_OK)
		problem = crm_execute(r, &media_hold);
	if (problem == CRM_OK)
		problem = crm_query(r, &media_unknown, &rows);
	if (problem == CRM_OK && crm_rows(rows) > 0)
		media_store_remove(crm_arena(r), digest);
	return problem;
}

static enum crm_problem
put_picture(struct crm_request *r)
{
	enum crm_problem problem = keep_files(r);

	return problem != CRM_OK ? problem : crm_answer_one(r, &media_put);
}

static enum crm_problem
put_profile(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem = keep_files(r);

	if (problem == CRM_OK)
		problem = crm_query_one(r, &media_put_profile, &rows);
	if (problem != CRM_OK)
		return problem;
	crm_answer_row(r, rows);
	return forget(r, crm_column(rows, 0, "gone"));
}

static enum crm_problem
remove_by(struct crm_request *r, const struct crm_statement *statement)
{
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, statement, &rows);

	return problem == CRM_OK ? forget(r, crm_column(rows, 0, "gone")) :
	    problem;
}

static enum crm_problem
remove_picture(struct crm_request *r)
{
	return remove_by(r, &media_remove);
}

static enum crm_problem
remove_profile(struct crm_request *r)
{
	return remove_by(r, &media_remove_profile);
}

static enum crm_problem
avatar(struct crm_request *r)
{
	struct crm_result *rows;
	enum crm_problem problem = crm_query_one(r, &media_avatar, &rows);
	char *svg;

	if (problem != CRM_OK)
		return problem;
	svg = media_avatar_draw(crm_arena(r), crm_column(rows, 0, "initials"),
	    (int)crm_column_integer(rows, 0, "hue"));
	crm_answer_as(r, "image/svg+xml", svg, strlen(svg));
	return CRM_OK;
}

/* media sweep, by cron: rows that nothing shows, then files that no row
 * has, or that are in the store for long enough (media.local_hours). */

struct sweep {
	struct crm_database	*db;
	struct crm_arena	*arena;
	const char		*store;	/* "true" where there is one */
	int			 files;
};

/* Nobody writes files between the look at the rows and the removal. */
static bool
sweep_batch(void *context, const char *digests)
{
	struct sweep *s = context;
	struct crm_result *rows;
	int i;

	if (crm_database_begin(s->db) != CRM_OK ||
	    crm_database_query(s->db, s->arena, &media_hold, NULL, "alone",
	    "true", NULL) != CRM_OK ||
	    crm_database_query(s->db, s->arena, &media_not_here, &rows,
	    "digests", digests, "store", s->store, NULL) != CRM_OK)
		return false;
	for (i = 0; i < crm_rows(rows); i++, s->files++)
		media_store_remove(s->arena, crm_column(rows, i, "digest"));
	return crm_database_commit(s->db) == CRM_OK;
}

static int
sweep(struct crm_database *db, int argc, char *argv[])
{
	struct sweep s = { .db = db, .store =
	    crm_config("DUKA_S3", NULL) != NULL ? "true" : "false" };
	struct crm_result *rows;
	bool done;

	if (argc > 2 || (argc == 2 && strcmp(argv[1], "-v") != 0)) {
		fprintf(stderr, "usage: media sweep [-v]\n");
		return 64;
	}
	s.arena = crm_arena_new(256u << 20);
	done = crm_database_query(db, s.arena, &media_sweep, &rows, NULL) ==
	    CRM_OK && media_store_walk(s.arena, sweep_batch, &s);
	if (!done)
		fprintf(stderr, "media: sweep: %s\n", crm_database_error(db));
	else if (argc == 2)
		printf("%s pictures, %d files' digests removed\n",
		    crm_column(rows, 0, "removed"), s.files);
	crm_arena_free(s.arena);
	return done ? 0 : 1;
}

static const struct crm_command commands[] = {
	{ "sweep", sweep,
	    "sweep [-v]: removes pictures that nothing shows" },
	{ NULL, NULL, NULL }
};

#define WRITE	CRM_STAFF("media.write")

static const struct crm_route routes[] = {
	{ "PUT", "/api/media/pictures", CRM_CUSTOMER,
	    .handler = put_picture, .status = 201, .type = TYPES,
	    .max_body = MEDIA_BODY_MOST, .limit = "picture",
	    .answer = "Picture",
	    .about = "Sends a picture; sent again it is the same one" },
	{ "GET", "/api/media/pictures/{id}", CRM_CUSTOMER, NULL,
	    &media_picture, .answer = "Picture",
	    .about = "One of the own pictures" },
	{ "DELETE", "/api/media/pictures/{id}", CRM_CUSTOMER,
	    .handler = remove_picture, .status = 204,
	    .about = "Removes an own picture that nothing shows" },
	{ "PUT", "/api/media/manage/pictures", WRITE,
	    .handler = put_picture, .status = 201, .type = TYPES,
	    .max_body = MEDIA_BODY_MOST, .answer = "Picture",
	    .about = "Sends a product's picture; sent again it is the same" },
	{ "GET", "/api/media/manage/pictures/{id}", WRITE, NULL,
	    &media_picture, .answer = "Picture",
	    .about = "A picture that staff sent" },
	{ "DELETE", "/api/media/manage/pictures/{id}", WRITE,
	    .handler = remove_picture, .status = 204,
	    .about = "Removes a picture of staff that nothing shows" },
	{ "GET", "/api/media/profile-picture", CRM_CUSTOMER, NULL,
	    &media_profile, .answer = "ProfilePicture",
	    .about = "The own picture, or the drawn one" },
	{ "PUT", "/api/media/profile-picture", CRM_CUSTOMER,
	    .handler = put_profile, .type = TYPES,
	    .max_body = MEDIA_BODY_MOST, .limit = "picture",
	    .answer = "ProfilePicture",
	    .about = "Sends a picture of oneself in place of the one before" },
	{ "DELETE", "/api/media/profile-picture", CRM_CUSTOMER,
	    .handler = remove_profile, .status = 204,
	    .about = "Goes back to the drawn one" },
	{ "GET", "/api/media/avatars/{id}", CRM_PUBLIC, .handler = avatar,
	    .cache = 300, .answer_type = "image/svg+xml",
	    .about = "A customer's drawn picture: initials on a colour" },
	CRM_END
};

static const struct crm_statement *const statements[] = {
	&media_room, &media_hold, &media_put, &media_put_profile,
	&media_remove_profile, &media_remove, &media_unknown, &media_avatar,
	&media_sweep, &media_not_here, NULL
};

int
main(int argc, char *argv[])
{
	struct crm_area area = { .name = "media", .routes = routes,
	    .statements = statements, .one_at_a_time = true,
	    .commands = commands };

	return crm_area_main(argc, argv, &area);
}
