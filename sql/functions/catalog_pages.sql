-- SPDX-License-Identifier: ISC
-- What search engines and link previews read: the head of a page, what it
-- shows without script, and maps of the site.  nginx puts the pieces into the
-- storefront's shell.

create or replace function html(given text) returns text
language sql immutable parallel safe as $$
	select replace(replace(replace(replace(replace(coalesce(given, ''),
	    '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'),
	    '''', '&#39;')
$$;

-- JSON that can't end the script element around it.
create or replace function html_json(given jsonb) returns text
language sql immutable parallel safe as $$
	select '<script type="application/ld+json">' || replace(replace(
	    replace(given::text, '<', '\u003c'), '>', '\u003e'), '&',
	    '\u0026') || '</script>' || E'\n'
$$;

create or replace function shop_name() returns text
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(setting_of('shop.name'), 'Duka')
$$;

-- The beginning of a text, to the last whole word that fits.
create or replace function shortened(given text, most integer) returns text
language sql immutable parallel safe as $$
	select case when length(g.plain) <= most then g.plain
	    else regexp_replace(left(g.plain, most - 1), '\s+\S*$', '') || '…'
	    end
	from (select btrim(regexp_replace(coalesce(given, ''), '\s+', ' ',
	    'g')) as plain) g
$$;

create or replace function absolute(origin text, address text) returns text
language sql immutable parallel safe as $$
	select case when address like '/%' then origin || address
	    else address end
$$;

-- The elements that every page has; `about` may be empty, `picture` null.
create or replace function page_head(origin text, path text, title text,
    about text, kind text, picture text) returns text
language sql stable as $$
	select concat('<title>', html(title), E'</title>\n',
	    '<meta name="description" content="', html(shortened(about, 160)),
	    E'">\n<meta name="application-name" content="',
	    html(shop_name()), E'">\n',
	    '<meta property="og:site_name" content="', html(shop_name()),
	    E'">\n<meta property="og:title" content="', html(title),
	    E'">\n<meta property="og:description" content="',
	    html(shortened(about, 160)),
	    E'">\n<meta property="og:type" content="', kind, E'">\n',
	    '<link rel="canonical" href="' || html(origin || path) ||
	    E'">\n<meta property="og:url" content="' ||
	    html(origin || path) || E'">\n',
	    '<meta property="og:image" content="' ||
	    html(absolute(origin, picture)) || E'">\n',
	    '<meta name="twitter:card" content="summary">', E'\n')
$$;

-- For what isn't there: engines are to forget it.
create or replace function page_head_missing() returns text
language sql stable as $$
	select concat('<title>', html(shop_name()), E'</title>\n',
	    '<meta name="application-name" content="', html(shop_name()),
	    E'">\n<meta name="robots" content="noindex">\n')
$$;

create or replace function decimal_of(money jsonb) returns text
language sql stable as $$
	select round((money->>'amount')::numeric /
	    10::numeric ^ currency_digits(money->>'currency'),
	    currency_digits(money->>'currency'))::text
$$;

create or replace function trail_json(origin text, steps jsonb)
returns jsonb language sql stable as $$
	select jsonb_build_object('@context', 'https://schema.org', '@type',
	    'BreadcrumbList', 'itemListElement', jsonb_agg(jsonb_build_object(
	    '@type', 'ListItem', 'position', s.n, 'name', s.step->>'name',
	    'item', origin || '/category/' || (s.step->>'slug'))
	    order by s.n))
	from jsonb_array_elements(steps) with ordinality s (step, n)
$$;

create or replace function offer_json(origin text, page jsonb,
    available boolean) returns jsonb
language sql stable as $$
	select jsonb_build_object('@type', 'Offer', 'url',
	    origin || '/product/' || (page->>'slug'), 'price',
	    decimal_of(page->'price'), 'priceCurrency',
	    page->'price'->>'currency', 'availability',
	    'https://schema.org/' || case when available then 'InStock'
	    else 'OutOfStock' end)
$$;

create or replace function product_linked(origin text, page jsonb,
    available boolean) returns jsonb
language sql stable as $$
	select jsonb_strip_nulls(jsonb_build_object('@context',
	    'https://schema.org', '@type', 'Product', 'name', page->>'name',
	    'description', shortened(page->>'description', 5000), 'image',
	    (select jsonb_agg(absolute(origin, i->>'url'))
	    from jsonb_array_elements(page->'images') i),
	    'sku', page->'variants'->0->>'sku', 'brand',
	    case when page->'brand'->>'name' is not null then
		jsonb_build_object('@type', 'Brand', 'name',
		page->'brand'->>'name') end,
	    'aggregateRating', case when (page->>'review_count')::integer > 0
		then jsonb_build_object('@type', 'AggregateRating',
		'ratingValue', page->'rating', 'reviewCount',
		page->'review_count') end,
	    'offers', offer_json(origin, page, available)))
$$;

create or replace function page_available(p product_page) returns boolean
language sql stable as $$
	select coalesce(bool_or((a->>'in_stock')::boolean), false)
	from jsonb_array_elements(case when p.available_until > now()
	    or p.available_until is null then p.availability::jsonb
	    else availability_json(p.variants)::jsonb end) a
$$;

create or replace function page_head_product(product text, origin text)
returns text language sql stable as $$
	select coalesce((
	    select page_head(origin, '/product/' || p.slug,
		(b.page->>'name') || ' · ' || shop_name(),
		b.page->>'description', 'product',
		b.page->'images'->0->>'url') ||
		html_json(product_linked(origin, b.page, page_available(p))) ||
		coalesce(html_json(trail_json(origin,
		nullif(b.page->'category', 'null'))), '')
	    from product_page p,
		lateral (select (p.body || '}')::jsonb as page) b
	    where p.slug = product), page_head_missing())
$$;

create or replace function page_text_product(product text) returns text
language sql stable as $$
	select concat('<h1>', html(b.page->>'name'), E'</h1>\n',
	    '<p><img src="' || html(b.page->'images'->0->>'url') ||
	    '" alt="' || html(b.page->'images'->0->>'alt') ||
	    E'" width="400"></p>\n', '<p>', decimal_of(b.page->'price'), ' ',
	    b.page->'price'->>'currency', E'</p>\n<p>',
	    replace(html(b.page->>'description'), E'\n', '<br>'), E'</p>\n')
	from product_page p,
	    lateral (select (p.body || '}')::jsonb as page) b
	where p.slug = product
$$;

create or replace function page_head_category(place text, origin text)
returns text language sql stable as $$
	select coalesce((
	    select page_head(origin, '/category/' || c.slug,
		c.name || ' · ' || shop_name(),
		coalesce(nullif(c.description, ''), c.name || ' – ' ||
		shop_name()), 'website', null) ||
		html_json(trail_json(origin, b.page->'trail'))
	    from category c,
		lateral (select category_json(c)::jsonb as page) b
	    where c.slug = place), page_head_missing())
$$;

-- Products of a category, as links.
create or replace function page_text_category(place text) returns text
language sql stable as $$
	select concat('<h1>', html(c.name), E'</h1>\n<p>',
	    html(c.description), E'</p>\n<ul>\n', (
	    select string_agg(concat('<li><a href="/product/',
		i->>'slug', '">', html(i->>'name'), '</a> ',
		decimal_of(i->'price'), ' ', i->'price'->>'currency',
		'</li>'), E'\n')
	    from jsonb_array_elements(product_list(filter_of(c.slug, null,
		null, null, null, null, null, null), 'name', null,
		60)::jsonb->'items') i), E'\n</ul>\n')
	from category c where c.slug = place
$$;

create or replace function page_head_site(origin text) returns text
language sql stable as $$
	select concat('<title>', html(shop_name()), E'</title>\n',
	    '<meta name="description" content="', html(shop_name()),
	    ': African and Caribbean food, packed with care and sent to ',
	    E'your door.">\n<meta name="application-name" content="',
	    html(shop_name()), E'">\n<meta property="og:site_name" content="',
	    html(shop_name()), E'">\n<meta property="og:type" ',
	    E'content="website">\n<meta property="og:image" content="',
	    html(origin), E'/icon-512.png">\n')
$$;

-- A map of maps: an engine takes no more than 50,000 addresses at once, and
-- a shop answers sooner in pieces.
create or replace function sitemap_index(origin text) returns text
language sql stable as $$
	select concat('<?xml version="1.0" encoding="UTF-8"?>', E'\n',
	    '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/',
	    E'0.9">\n<sitemap><loc>', html(origin),
	    E'/sitemaps/categories</loc></sitemap>\n', (
	    select string_agg(concat('<sitemap><loc>', html(origin),
		'/sitemaps/', n, '</loc></sitemap>'), E'\n')
	    from generate_series(1, (select (count(*) + 4999) / 5000
		from product_page)) n), E'\n</sitemapindex>\n')
$$;

create or replace function sitemap_categories(origin text) returns text
language sql stable as $$
	select concat('<?xml version="1.0" encoding="UTF-8"?>', E'\n',
	    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
	    E'\n<url><loc>', html(origin), E'/</loc></url>\n', (
	    select string_agg(concat('<url><loc>', html(origin),
		'/category/', c.slug, '</loc></url>'), E'\n' order by c.slug)
	    from category c), E'\n</urlset>\n')
$$;

create or replace function sitemap_products(part text, origin text)
returns text language sql stable as $$
	select concat('<?xml version="1.0" encoding="UTF-8"?>', E'\n',
	    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
	    E'\n', string_agg(concat('<url><loc>', html(origin), '/product/',
	    p.slug, '</loc></url>'), E'\n' order by p.slug), E'\n</urlset>\n')
	from (select slug from product_page order by slug
	    limit 5000 offset case when part ~ '^[1-9][0-9]{0,3}$'
	    then (part::integer - 1) * 5000 else 1000000000 end) p
	having count(*) > 0
$$;
