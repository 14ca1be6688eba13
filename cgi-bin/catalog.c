/* SPDX-License-Identifier: ISC */
/* catalog: what the shop sells, for everyone to see and staff to keep. */

#include <crm/crm.h>

#include "catalog.h"
#include "catalog.sql.h"
#include "filter.h"

#define SLUG(size)							\
	{ "slug", CRM_TEXT, .min = 1, .max = size,			\
	    .about = "Its part of addresses: a-z, 0-9 and single -",	\
	    .example = "palm-oil" }
#define PAGE								\
	{ "cursor", CRM_CURSOR },					\
	{ "limit", CRM_INTEGER, .min = 1, .max = 100, .standard = "20" }

static const struct crm_field listing[] = {
	FILTERS,
	{ "sort", CRM_ENUM, .standard = "newest",
	    .values = "newest price_asc price_desc name rating" },
	PAGE,
	CRM_END
};

static const struct crm_field staff_listing[] = {
	{ "q", CRM_TEXT, .max = 100,
	    .about = "Part of the name or of a SKU, or nearly" },
	{ "status", CRM_ENUM, .values = "draft active archived" },
	{ "category", CRM_TEXT, .max = 120 },
	{ "brand", CRM_TEXT, .max = 120 },
	{ "stock", CRM_ENUM, .values = "in low out" },
	{ "price_min", CRM_INTEGER, .max = PRICE_MOST },
	{ "price_max", CRM_INTEGER, .max = PRICE_MOST },
	{ "pictured", CRM_BOOL, .about = "With pictures, or without" },
	{ "tag", CRM_TEXT, .max = 50 },
	{ "sort", CRM_ENUM, .standard = "newest",
	    .values = "newest updated name price_asc price_desc stock" },
	PAGE,
	CRM_END
};

#define CATEGORY							\
	{ "description", CRM_TEXT, .max = 4000 },			\
	{ "parent", CRM_TEXT, .max = 120, .nullable = true,		\
	    .about = "Slug of the category above; null: none",		\
	    .example = "pantry" },					\
	{ "position", CRM_INTEGER, .max = 1000000,			\
	    .about = "Order beside its like" },				\
	SLUG(120),							\
	CRM_END

static const struct crm_field new_category[] = {
	{ "name", CRM_TEXT, .required = true, .min = 1, .max = 100 },
	CATEGORY
};

static const struct crm_field category[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100 },
	CATEGORY
};

static const struct crm_field move[] = {
	{ "parent", CRM_TEXT, .max = 120, .nullable = true,
	    .about = "Slug of the category above; null: none" },
	{ "before", CRM_TEXT, .max = 120, .nullable = true,
	    .about = "Slug of the one after it there; null: it is the last" },
	CRM_END
};

static const struct crm_field new_brand[] = {
	{ "name", CRM_TEXT, .required = true, .min = 1, .max = 100 },
	{ "description", CRM_TEXT, .max = 4000 },
	SLUG(120),
	CRM_END
};

static const struct crm_field brand[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 100 },
	{ "description", CRM_TEXT, .max = 4000 },
	SLUG(120),
	CRM_END
};

static const struct crm_field attribute[] = {
	{ "label", CRM_TEXT, .required = true, .min = 1, .max = 100 },
	{ "type", CRM_ENUM, .required = true,
	    .values = "text number boolean" },
	{ "unit", CRM_TEXT, .min = 1, .max = 20, .nullable = true },
	{ "filterable", CRM_BOOL },
	{ "position", CRM_INTEGER, .max = 1000000 },
	CRM_END
};

static const struct crm_field image[] = {
	{ "url", CRM_TEXT, .required = true, .min = 2, .max = 2000,
	    .about = "http, https, or a path of this shop",
	    .example = "/img/products/palm-oil.svg" },
	{ "alt", CRM_TEXT, .max = 300 },
	{ "variant_id", CRM_UUID, .nullable = true },
	CRM_END
};

#define PRICED								\
	{ "options", CRM_ATTRIBUTES, .max = 10 },			\
	{ "compare_at", CRM_MONEY, .max = PRICE_MOST, .nullable = true,	\
	    .about = "What it costs at other times; above the price",	\
	    .example = "{\"amount\":1550,\"currency\":\"EUR\"}" },	\
	{ "weight_grams", CRM_INTEGER, .max = 10000000,			\
	    .nullable = true },						\
	{ "position", CRM_INTEGER, .max = 1000000 }
#define PRICE								\
	"price", CRM_MONEY, .max = PRICE_MOST,				\
	    .example = "{\"amount\":1250,\"currency\":\"EUR\"}"
#define SKU	"sku", CRM_TEXT, .min = 1, .max = 64, .example = "OIL-1"

static const struct crm_field new_variant[] = {
	{ SKU, .required = true },
	{ PRICE, .required = true },
	PRICED,
	CRM_END
};

static const struct crm_field variant[] = {
	{ SKU },
	{ PRICE },
	PRICED,
	{ "status", CRM_ENUM, .values = "active archived" },
	CRM_END
};

#define PRODUCT								\
	{ "description", CRM_TEXT, .max = 20000 },			\
	{ "category", CRM_TEXT, .max = 120, .nullable = true,		\
	    .about = "Slug", .example = "oils" },			\
	{ "brand", CRM_TEXT, .max = 120, .nullable = true,		\
	    .about = "Slug", .example = "mama-africa" },		\
	{ "tax_class", CRM_ENUM, .values = TAX_CLASSES },		\
	{ "status", CRM_ENUM, .values = "draft active archived" },	\
	{ "attributes", CRM_ATTRIBUTES },				\
	{ "tags", CRM_LIST, .of = CRM_TEXT, .max = 30 },		\
	SLUG(160)

static const struct crm_field new_product[] = {
	{ "name", CRM_TEXT, .required = true, .min = 1, .max = 200 },
	PRODUCT,
	{ "images", CRM_LIST, .of = CRM_OBJECT, .fields = image, .max = 20 },
	{ "variants", CRM_LIST, .of = CRM_OBJECT, .fields = new_variant,
	    .required = true, .min = 1, .max = 100 },
	CRM_END
};

static const struct crm_field product[] = {
	{ "name", CRM_TEXT, .min = 1, .max = 200 },
	PRODUCT,
	CRM_END
};

static const struct crm_field images[] = {
	{ "images", CRM_LIST, .of = CRM_OBJECT, .fields = image,
	    .required = true, .max = 20 },
	CRM_END
};

#define MAY_READ	CRM_STAFF("catalog.read")
#define MAY_WRITE	CRM_STAFF("catalog.write")
#define CATEGORIES	"/api/catalog/categories"
#define BRANDS		"/api/catalog/brands"
#define ATTRIBUTES	"/api/catalog/attributes"
#define PRODUCTS	"/api/catalog/products"
#define VARIANTS	"/api/catalog/products/{id}/variants"
#define PRICES		VARIANTS "/{variant_id}/prices"
#define BULK		"/api/catalog/bulk"
#define STAFF		"/api/catalog/staff/products"
#define REVIEWS		"/api/catalog/reviews"
#define STAFF_REVIEWS	"/api/catalog/staff/reviews"
#define ORDER_KEY	"Duka-Order-Key: The key from a guest's mail"
#define CSV		"text/csv"
#define PAGE_OF(path, function, words)					\
	{ "GET", path, CRM_PUBLIC, .handler = function, .cache = 20,	\
	    .answer_type = "text/html", .about = words }
#define MAP_OF(path, function, words)					\
	{ "GET", path, CRM_PUBLIC, .handler = function, .cache = 600,	\
	    .answer_type = "application/xml", .about = words }
#define LARGE		(256 * 1024)
#define HUGE		(32 * 1024 * 1024)

static const struct crm_route routes[] = {
	{ "GET", CATEGORIES, CRM_PUBLIC, NULL, &categories_tree,
	    .cache = 1, .answer = "CategoryTree",
	    .about = "The whole tree with counts of products" },
	{ "GET", CATEGORIES "/{category}", CRM_PUBLIC, NULL, &categories_view,
	    .cache = 1, .answer = "Category",
	    .about = "A category, where it stands and what is below" },
	{ "POST", CATEGORIES, MAY_WRITE, new_category, &categories_create,
	    .status = 201, .answer = "Category",
	    .about = "Creates a category" },
	{ "PATCH", CATEGORIES "/{category}", MAY_WRITE, category,
	    &categories_change, .if_match = true, .answer = "Category",
	    .about = "Changes or moves a category" },
	{ "POST", CATEGORIES "/{category}/move", MAY_WRITE, move,
	    &categories_move, .if_match = true, .answer = "Category",
	    .about = "Puts a category elsewhere in the tree" },
	{ "DELETE", CATEGORIES "/{category}", MAY_WRITE, NULL,
	    &categories_remove, .status = 204, .if_match = true,
	    .about = "Removes a category that nothing uses" },
	{ "GET", BRANDS, CRM_PUBLIC, NULL, &brands_list, .cache = 1,
	    .answer = "BrandPage", .about = "All brands" },
	{ "GET", BRANDS "/{brand}", CRM_PUBLIC, NULL, &brands_view,
	    .cache = 1, .answer = "Brand", .about = "A brand" },
	{ "POST", BRANDS, MAY_WRITE, new_brand, &brands_create,
	    .status = 201, .answer = "Brand", .about = "Creates a brand" },
	{ "PATCH", BRANDS "/{brand}", MAY_WRITE, brand, &brands_change,
	    .if_match = true, .answer = "Brand", .about = "Changes a brand" },
	{ "DELETE", BRANDS "/{brand}", MAY_WRITE, NULL, &brands_remove,
	    .status = 204, .if_match = true,
	    .about = "Removes a brand that nothing uses" },
	{ "GET", ATTRIBUTES, CRM_PUBLIC, NULL, &attributes_list, .cache = 1,
	    .answer = "AttributePage", .about = "What attributes mean" },
	{ "PUT", ATTRIBUTES "/{name}", MAY_WRITE, attribute, &attributes_put,
	    .if_match = true, .answer = "Attribute",
	    .about = "Says what an attribute means" },
	{ "DELETE", ATTRIBUTES "/{name}", MAY_WRITE, NULL,
	    &attributes_remove, .status = 204, .if_match = true,
	    .about = "Forgets what an attribute means" },
	{ "GET", PRODUCTS, CRM_PUBLIC, listing, &products_list, .cache = 1,
	    .answer = "ProductPage",
	    .about = "What is for sale, with total and facets" },
	{ "GET", PRODUCTS "/by-slug/{slug}", CRM_PUBLIC, NULL,
	    &products_view_slug, .cache = 1, .answer = "Product",
	    .about = "A product by its slug" },
	{ "GET", PRODUCTS "/{id}", CRM_PUBLIC, NULL, &products_view,
	    .cache = 1, .answer = "Product", .about = "A product" },
	{ "POST", PRODUCTS, MAY_WRITE, new_product, &products_create,
	    .status = 201, .max_body = LARGE, .answer = "StaffProduct",
	    .about = "Creates a product with its variants" },
	{ "PATCH", PRODUCTS "/{id}", MAY_WRITE, product, &products_change,
	    .if_match = true, .max_body = LARGE, .answer = "StaffProduct",
	    .about = "Changes a product" },
	{ "DELETE", PRODUCTS "/{id}", MAY_WRITE, NULL, &products_archive,
	    .status = 204, .if_match = true, .about = "Archives a product" },
	{ "PUT", PRODUCTS "/{id}/images", MAY_WRITE, images,
	    &products_images, .if_match = true, .answer = "StaffProduct",
	    .about = "Replaces a product's images" },
	{ "GET", VARIANTS, MAY_READ, NULL, &variants_list,
	    .answer = "VariantPage", .about = "All variants of a product" },
	{ "GET", VARIANTS "/{variant_id}", MAY_READ, NULL, &variants_view,
	    .answer = "Variant", .about = "A variant" },
	{ "POST", VARIANTS, MAY_WRITE, new_variant, &variants_create,
	    .status = 201, .answer = "Variant",
	    .about = "Adds a variant to a product" },
	{ "PATCH", VARIANTS "/{variant_id}", MAY_WRITE, variant,
	    &variants_change, .if_match = true, .answer = "Variant",
	    .about = "Changes a variant" },
	{ "DELETE", VARIANTS "/{variant_id}", MAY_WRITE, NULL,
	    &variants_archive, .status = 204, .if_match = true,
	    .about = "Archives a variant" },
	{ "GET", PRICES, MAY_READ, catalog_prices_page, &prices_list,
	    .answer = "VariantPrices",
	    .about = "What it costs, will cost and did cost" },
	{ "POST", PRICES, MAY_WRITE, catalog_prices_planned,
	    .handler = catalog_prices_plan, .status = 201,
	    .answer = "PlannedPrice",
	    .about = "Plans a price for a while" },
	{ "PATCH", PRICES "/{price_id}", MAY_WRITE, catalog_prices_planned,
	    .handler = catalog_prices_change, .if_match = true,
	    .answer = "PlannedPrice",
	    .about = "Plans it otherwise, or ends it later or sooner" },
	{ "DELETE", PRICES "/{price_id}", MAY_WRITE, NULL, &prices_drop,
	    .status = 204, .if_match = true,
	    .about = "Drops what is planned, ends what runs" },
	{ "GET", BULK, MAY_READ, catalog_bulk_page, &bulk_list,
	    .answer = "ProductEditPage",
	    .about = "Changes of many products, the latest first" },
	{ "POST", BULK, MAY_WRITE, catalog_bulk, &bulk_change,
	    .max_body = LARGE, .answer = "BulkResult",
	    .about = "Changes many products at once, or only tells how" },
	{ "POST", BULK "/{id}/undo", MAY_WRITE, NULL, &bulk_undo,
	    .answer = "BulkUndone",
	    .about = "Takes it back where nothing has changed since" },
	{ "GET", STAFF, MAY_READ, staff_listing, &staff_products_list,
	    .answer = "StaffProductPage",
	    .about = "All products, drafts and archived ones too" },
	{ "GET", "/api/catalog/staff/terms", MAY_READ, NULL, &staff_terms,
	    .answer = "CatalogTerms", .about = "What prices are in" },
	{ "GET", STAFF "/{id}", MAY_READ, NULL, &staff_products_view,
	    .answer = "StaffProduct",
	    .about = "A product as staff see it, with its version" },
	{ "POST", "/api/catalog/import", MAY_WRITE,
	    .handler = catalog_import_take, .type = CSV, .max_body = HUGE,
	    .query = catalog_import_query, .answer = "Import",
	    .about = "Takes products in from CSV" },
	{ "GET", "/api/catalog/export", MAY_READ,
	    .handler = catalog_export_give, .answer_type = CSV,
	    .about = "Gives all products as CSV, as the import takes it" },
	{ "GET", PRODUCTS "/{id}/reviews", CRM_PUBLIC,
	    catalog_reviews_filter, &reviews_list, .cache = 1,
	    .answer = "ReviewPage",
	    .about = "What buyers say of it, and the mean of all" },
	{ "POST", PRODUCTS "/{id}/reviews", CRM_ANYONE,
	    catalog_reviews_input, .handler = catalog_reviews_create,
	    .status = 201, .header = ORDER_KEY, .limit = "review",
	    .idempotent = true, .answer = "OwnReview",
	    .about = "Reviews what was delivered, once" },
	{ "GET", REVIEWS "/mine", CRM_ANYONE, catalog_reviews_own,
	    .handler = catalog_reviews_mine, .header = ORDER_KEY,
	    .answer = "OwnReviewPage", .about = "The own reviews" },
	{ "GET", REVIEWS "/reviewable", CRM_ANYONE, catalog_reviews_own,
	    .handler = catalog_reviews_reviewable, .header = ORDER_KEY,
	    .answer = "ReviewablePage",
	    .about = "What was delivered and is not reviewed yet" },
	{ "GET", REVIEWS "/votes", CRM_CUSTOMER, catalog_reviews_of,
	    &reviews_votes, .answer = "ReviewVotes",
	    .about = "Which of a product's one found helpful" },
	{ "GET", REVIEWS "/{id}", CRM_ANYONE,
	    .handler = catalog_reviews_view, .header = ORDER_KEY,
	    .answer = "OwnReview", .about = "One of the own reviews" },
	{ "PATCH", REVIEWS "/{id}", CRM_ANYONE, catalog_reviews_input,
	    .handler = catalog_reviews_change, .header = ORDER_KEY,
	    .if_match = true, .limit = "review", .answer = "OwnReview",
	    .about = "Changes it; it waits for approval again" },
	{ "DELETE", REVIEWS "/{id}", CRM_ANYONE,
	    .handler = catalog_reviews_remove, .header = ORDER_KEY,
	    .status = 204, .about = "Takes it back" },
	{ "PUT", REVIEWS "/{id}/vote", CRM_CUSTOMER, NULL, &reviews_vote,
	    .answer = "ReviewVote", .about = "Finds it helpful" },
	{ "DELETE", REVIEWS "/{id}/vote", CRM_CUSTOMER, NULL,
	    &reviews_unvote, .answer = "ReviewVote",
	    .about = "Finds it helpful no more" },
	{ "GET", STAFF_REVIEWS, CRM_STAFF("reviews.read"),
	    catalog_reviews_all, &staff_reviews_list,
	    .answer = "StaffReviewPage",
	    .about = "All reviews, those that wait the longest first" },
	{ "GET", STAFF_REVIEWS "/{id}", CRM_STAFF("reviews.read"), NULL,
	    &staff_reviews_view, .answer = "StaffReview",
	    .about = "One of them, with its version" },
	{ "POST", STAFF_REVIEWS "/{id}/decision",
	    CRM_STAFF("reviews.write"), catalog_reviews_decision,
	    .handler = catalog_reviews_decide, .if_match = true,
	    .idempotent = true, .answer = "StaffReview",
	    .about = "Shows it, or says why not" },
	PAGE_OF("/page/head/site", catalog_head_site,
	    "What the head of any page says of the shop"),
	PAGE_OF("/page/head/product/{slug}", catalog_head_product,
	    "A product's page for engines and previews"),
	PAGE_OF("/page/head/category/{category}", catalog_head_category,
	    "A category's page for engines and previews"),
	PAGE_OF("/page/text/product/{slug}", catalog_text_product,
	    "A product without script"),
	PAGE_OF("/page/text/category/{category}", catalog_text_category,
	    "A category without script"),
	MAP_OF("/sitemap.xml", catalog_sitemap, "Where the site's maps are"),
	MAP_OF("/sitemaps/categories", catalog_sitemap_categories,
	    "Addresses of categories"),
	MAP_OF("/sitemaps/{part}", catalog_sitemap_products,
	    "Addresses of 5,000 products, from 1 on"),
	CRM_END
};

int
main(int argc, char *argv[])
{
	static const struct crm_area catalog = {
		.name = "catalog",
		.routes = routes,
		.statements = catalog_import_statements,
		.commands = catalog_commands
	};

	return crm_area_main(argc, argv, &catalog);
}
