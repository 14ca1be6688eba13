-- SPDX-License-Identifier: ISC
-- Segments: rules over what the shop knows of its customers, kept as data and
-- compiled to SQL.
--
-- A group is {"match": "all"|"any"|"none", "rules": [...]}, a condition is
-- {"fact", "test", "values": [texts], "days"}.  The SQL of a segment is put
-- together from segment_vocabulary() and from the places of values within the
-- rules; the rules themselves are a parameter.  So no text that somebody
-- wrote ever becomes SQL.

-- Some of what is called here is defined in files applied later.
set check_function_bodies = off;

-- Which orders count, as the customer's figures have it (order_counts()).
create or replace function segment_order() returns text
language sql immutable parallel safe as $function$
	select $$r.state <> 'cancelled' and r.payment_state <> 'failed' and
	    r.currency = (select s.value from setting s
	    where s.key = 'shop.currency')$$
$function$;

-- What rules may speak of.  Facts with `figure` are an expression over f (the
-- customer's figures), c (the customer) and a (its points account); those
-- with `source` are an aggregate (number, money, date) or a value to be found
-- (all others) among rows of others, which belong to the customer `link`.
-- With both, the second is for where only the last days count.  `options`: of
-- choices their values, of numbers their bounds, of codes their form, of
-- things what they are.
create or replace function segment_vocabulary()
returns table (fact text, part text, type text, options text[],
    windowed boolean, figure text, value text, source text, link text,
    condition text, moment text)
language sql immutable parallel safe as $vocabulary$
	values
	('age', 'person', 'number', '{0,130}'::text[], false,
	    $$date_part('year', age(c.date_of_birth))$$, null, null, null,
	    null, null),
	('birth_month', 'person', 'number', '{1,12}', false,
	    $$date_part('month', c.date_of_birth)$$, null, null, null, null,
	    null),
	('gender', 'person', 'choice',
	    '{female,male,non_binary,other,undisclosed}', false, 'c.gender',
	    null, null, null, null, null),
	('language', 'person', 'code', '{"^[a-z]{2}(-[A-Z]{2})?$"}', false,
	    'c.language', null, null, null, null, null),
	('country', 'person', 'code', '{"^[A-Z]{2}$"}', false, 'f.country',
	    null, null, null, null, null),
	('city', 'person', 'word', null, false, null, 'plain(r.city)',
	    'customer_address r', 'r.customer_id', null, null),
	('household_size', 'person', 'number', '{1,30}', false,
	    'c.household_size', null, null, null, null, null),
	('children', 'person', 'number', '{0,25}', false, 'c.children', null,
	    null, null, null, null),
	('dietary', 'person', 'choices', '{vegetarian,vegan,pescatarian,
	    halal,kosher,gluten_free,lactose_free,nut_free,low_sugar,low_salt,
	    low_fat,organic,fair_trade,other}', false, 'c.dietary', null,
	    null, null, null, null),
	('employment', 'person', 'choice', '{employed,self_employed,
	    unemployed,student,retired,homemaker,other,undisclosed}', false,
	    'c.employment', null, null, null, null, null),
	('education', 'person', 'choice', '{none,primary,secondary,
	    vocational,bachelor,master,doctorate,other,undisclosed}', false,
	    'c.education', null, null, null, null, null),
	('income_band', 'person', 'choice', '{under_15k,15k_35k,35k_50k,
	    50k_75k,75k_100k,100k_150k,over_150k,undisclosed}', false,
	    'c.income_band', null, null, null, null, null),
	('registered', 'person', 'date', null, false, 'f.registered_at', null,
	    null, null, null, null),
	('verified', 'person', 'flag', null, false, 'f.verified', null, null,
	    null, null, null),
	('phone', 'person', 'flag', null, false, '(c.phone is not null)',
	    null, null, null, null, null),
	('company', 'person', 'flag', null, false, null, null,
	    'company_person r', 'r.customer_id', null, null),
	('tag', 'person', 'tag', null, false, 'f.tags', null, null, null,
	    null, null),
	('orders', 'orders', 'number', '{0,1000000}', true, 'f.orders',
	    'count(*)', 'customer_order r', 'r.customer_id', segment_order(),
	    'r.placed_at'),
	('spent', 'orders', 'money', null, true, 'f.spent',
	    'sum(r.total_amount - r.refunded_amount)', 'customer_order r',
	    'r.customer_id', segment_order(), 'r.placed_at'),
	('first_order', 'orders', 'date', null, false, null,
	    'min(r.placed_at)', 'customer_order r', 'r.customer_id', null,
	    null),
	('last_order', 'orders', 'date', null, false, 'f.last_order_at',
	    null, null, null, null, null),
	('bought_category', 'orders', 'tree', '{category}', true, null,
	    'k.path',
	    'customer_order r join order_line l on l.order_id = r.id '
	    'join product p on p.id = l.product_id '
	    'join category k on k.id = p.category_id', 'r.customer_id',
	    segment_order(), 'r.placed_at'),
	('bought_brand', 'orders', 'thing', '{brand}', true, null,
	    'p.brand_id',
	    'customer_order r join order_line l on l.order_id = r.id '
	    'join product p on p.id = l.product_id', 'r.customer_id',
	    segment_order(), 'r.placed_at'),
	('bought_product', 'orders', 'thing', '{product}', true, null,
	    'l.product_id',
	    'customer_order r join order_line l on l.order_id = r.id',
	    'r.customer_id', segment_order(), 'r.placed_at'),
	('returns', 'orders', 'number', '{0,1000000}', true, null, 'count(*)',
	    'order_return t join customer_order r on r.id = t.order_id',
	    'r.customer_id', $$t.state <> 'refused'$$, 't.requested_at'),
	('tier', 'loyalty', 'choice', '{bronze,silver,gold,platinum,diamond}',
	    false, 'f.tier', null, null, null, null, null),
	('points', 'loyalty', 'number', '{-1000000000,1000000000}', false,
	    'coalesce(a.balance, 0)', null, null, null, null, null),
	('consent', 'consent', 'consent', '{marketing.email,marketing.sms,
	    marketing.push,reminders.email,reminders.sms,reminders.push,
	    surveys.email,surveys.sms,surveys.push}', false, 'f.consents',
	    null, null, null, null, null),
	('views', 'behaviour', 'number', '{0,1000000}', true, null,
	    'count(*)', 'product_view r', 'r.customer_id', null,
	    'r.viewed_at'),
	('viewed_category', 'behaviour', 'tree', '{category}', true, null,
	    'k.path', 'product_view r join product p on p.id = r.product_id '
	    'join category k on k.id = p.category_id', 'r.customer_id', null,
	    'r.viewed_at'),
	('viewed_product', 'behaviour', 'thing', '{product}', true, null,
	    'r.product_id', 'product_view r', 'r.customer_id', null,
	    'r.viewed_at'),
	('searched', 'behaviour', 'word', null, true, null, 'plain(r.query)',
	    'customer_search r', 'r.customer_id', null, 'r.searched_at'),
	('wishes', 'behaviour', 'number', '{0,100000}', false, null,
	    'count(*)', 'wish r', 'r.customer_id', null, null),
	('wished_product', 'behaviour', 'thing', '{product}', false, null,
	    'r.product_id', 'wish r', 'r.customer_id', null, null),
	('reviews', 'behaviour', 'number', '{0,100000}', true, null,
	    'count(*)', 'review r', 'r.customer_id',
	    $$r.state <> 'rejected'$$, 'r.created_at'),
	('cart_left', 'behaviour', 'date', null, false, null,
	    'max(r.updated_at)', 'cart r', 'r.customer_id',
	    $$r.state = 'active' and exists (select from cart_line l
	    where l.cart_id = r.id)$$, null)
$vocabulary$;

-- The tests of each type, and how many values each takes.
create or replace function segment_tests()
returns table (type text, test text, fewest integer, most integer)
language sql immutable parallel safe as $$
	select t.type, v.test, v.fewest, v.most
	from (values ('number', 'compare'), ('money', 'compare'),
	    ('date', 'time'), ('flag', 'flag'), ('choice', 'list'),
	    ('choices', 'list'), ('code', 'list'), ('word', 'list'),
	    ('thing', 'list'), ('tree', 'list'), ('tag', 'list'),
	    ('consent', 'list')) t (type, kind)
	join (values ('compare', 'at_least', 1, 1),
	    ('compare', 'at_most', 1, 1), ('compare', 'between', 2, 2),
	    ('compare', 'is', 1, 1), ('time', 'from', 1, 1),
	    ('time', 'until', 1, 1), ('time', 'within_days', 1, 1),
	    ('time', 'before_days', 1, 1), ('flag', 'yes', 0, 0),
	    ('flag', 'no', 0, 0), ('list', 'one_of', 1, 50),
	    ('list', 'none_of', 1, 50)) v (kind, test, fewest, most)
	    on v.kind = t.kind
$$;

-- What the panel builds rules from.
create or replace function segment_facts() returns json
language sql immutable security definer set search_path = duka, pg_temp as $$
	select json_build_object('items', (select json_agg(json_build_object(
	    'fact', v.fact, 'part', v.part, 'type', case v.type
		when 'consent' then 'choice' when 'tag' then 'word'
		else v.type end,
	    'options', case when v.type in ('choice', 'choices', 'number',
		'thing', 'tree', 'consent') then coalesce(v.options, '{}')
		else '{}'::text[] end,
	    'windowed', v.windowed, 'tests', (select json_agg(t.test)
		from segment_tests() t where t.type = v.type)))
	    from segment_vocabulary() v), 'next', null)
$$;

-- The values of a condition.
create or replace function segment_texts(list jsonb) returns text[]
language sql immutable strict parallel safe as $$
	select array(select jsonb_array_elements_text(list))
$$;

create or replace function segment_words(list jsonb) returns text[]
language sql immutable strict parallel safe as $$
	select array(select plain(btrim(w))
	    from jsonb_array_elements_text(list) w)
$$;

create or replace function segment_consents(list jsonb) returns integer
language sql immutable strict parallel safe as $$
	select coalesce(bit_or(consent_bit(split_part(v, '.', 1),
	    split_part(v, '.', 2))), 0) from jsonb_array_elements_text(list) v
$$;

-- Whether there is such a thing: a segment isn't made of what isn't there.
create or replace function segment_thing(kind text, id uuid)
returns boolean
language sql stable security definer set search_path = duka, pg_temp as $$
	select case kind
	when 'category' then exists (select from category t where t.id = $2)
	when 'brand' then exists (select from brand t where t.id = $2)
	when 'product' then exists (select from product t where t.id = $2)
	else false end
$$;

create or replace function segment_day(given text) returns boolean
language plpgsql stable as $$
begin
	return given ~ '^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$'
	    and given::date is not null;
exception when datetime_field_overflow then
	return false;
end
$$;

-- Refuses a value that isn't of its fact's type.
create or replace function segment_check_value(type text, options text[],
    test text, given jsonb, path text) returns void
language plpgsql stable as $$
#variable_conflict use_variable
declare
	v text := given #>> '{}';
	good boolean;
begin
	if jsonb_typeof(given) is distinct from 'string' then
		perform raise_fault('Values are texts', path, 'type');
	end if;
	good := case
	when type = 'number' then v ~ '^(0|-?[1-9][0-9]{0,9})$'
	    and v::bigint between options[1]::bigint and options[2]::bigint
	when type = 'money' then v ~ '^(0|[1-9][0-9]{0,12})$'
	when test in ('within_days', 'before_days')
	    then v ~ '^[1-9][0-9]{0,3}$' and v::integer <= 3650
	when type = 'date' then segment_day(v)
	when type in ('choice', 'choices', 'consent') then v = any (options)
	when type = 'code' then v ~ options[1]
	when type in ('word', 'tag') then length(btrim(v)) between 1 and 100
	    and one_line(v)
	when type in ('thing', 'tree') then v ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}'
	    '-[0-9a-f]{12}$' and segment_thing(options[1], v::uuid)
	end;
	if good is not true then
		perform raise_fault('That is no value of it', path);
	end if;
end
$$;

create or replace function segment_check_names(node jsonb, names text[],
    path text) returns void language plpgsql stable as $$
declare
	strange text;
begin
	select k into strange from jsonb_object_keys(node) k
	where k <> all (names) order by k limit 1;
	if strange is not null then
		perform raise_fault('No such field', path || '.'
		    || left(strange, 60), 'unknown');
	end if;
end
$$;

create or replace function segment_check_condition(node jsonb, path text)
returns void language plpgsql stable as $$
#variable_conflict use_column
declare
	v record;
	t record;
	i integer;
begin
	perform segment_check_names(node, '{fact,test,values,days}', path);
	select * into v from segment_vocabulary() w
	where w.fact = node ->> 'fact';
	if not found then
		perform raise_fault('Nothing is known of that',
		    path || '.fact');
	end if;
	select * into t from segment_tests() s
	where s.type = v.type and s.test = node ->> 'test';
	if not found then
		perform raise_fault('It is not tested so', path || '.test');
	end if;
	node := jsonb_build_object('values', '[]'::jsonb) || node;
	if jsonb_typeof(node -> 'values') is distinct from 'array' then
		perform raise_fault('Must be a list', path || '.values',
		    'type');
	elsif jsonb_array_length(node -> 'values') < t.fewest then
		perform raise_fault('Too few values', path || '.values',
		    'too_few');
	elsif jsonb_array_length(node -> 'values') > t.most then
		perform raise_fault('Too many values', path || '.values',
		    'too_many');
	end if;
	for i in 0 .. jsonb_array_length(node -> 'values') - 1 loop
		perform segment_check_value(v.type, v.options, t.test,
		    node #> array['values', i::text],
		    format('%s.values[%s]', path, i));
	end loop;
	if t.test = 'between' and (node #>> '{values,0}')::bigint
	    > (node #>> '{values,1}')::bigint then
		perform raise_fault('It ends before it begins',
		    path || '.values[1]', 'too_small');
	end if;
	if coalesce(node -> 'days', 'null') = 'null' then
		return;
	elsif not v.windowed then
		perform raise_fault('It has no days', path || '.days',
		    'unknown');
	elsif jsonb_typeof(node -> 'days') <> 'number' or (node ->> 'days')
	    !~ '^[1-9][0-9]{0,3}$' or (node ->> 'days')::integer > 3650 then
		perform raise_fault('Must be 1 to 3650 days',
		    path || '.days');
	end if;
end
$$;

-- Refuses rules that are none, naming the place; answers how many conditions
-- there are.  At most four groups within each other.
create or replace function segment_check(node jsonb, path text default 'rules',
    depth integer default 1) returns integer
language plpgsql stable as $$
declare
	n integer := 0;
	i integer;
begin
	if jsonb_typeof(node) is distinct from 'object' then
		perform raise_fault('Must be an object', path, 'type');
	elsif depth > 1 and not node ? 'match' then
		perform segment_check_condition(node, path);
		return 1;
	end if;
	perform segment_check_names(node, '{match,rules}', path);
	if depth > 4 then
		perform raise_fault('Too many groups within each other', path,
		    'too_many');
	elsif coalesce(node ->> 'match', '') not in ('all', 'any', 'none') then
		perform raise_fault('Must be all, any or none',
		    path || '.match');
	elsif jsonb_typeof(node -> 'rules') is distinct from 'array' then
		perform raise_fault('Must be a list', path || '.rules',
		    'type');
	elsif jsonb_array_length(node -> 'rules') not between 1 and 20 then
		perform raise_fault('A group has 1 to 20 rules',
		    path || '.rules', case when node -> 'rules' = '[]'
		    then 'too_few' else 'too_many' end);
	end if;
	for i in 0 .. jsonb_array_length(node -> 'rules') - 1 loop
		n := n + segment_check(node #> array['rules', i::text],
		    format('%s.rules[%s]', path, i), depth + 1);
	end loop;
	if depth = 1 and n > 50 then
		perform raise_fault('At most 50 conditions', path,
		    'too_many');
	end if;
	return n;
end
$$;

-- SQL from here on.  A test of a value; `place` is where the condition is
-- within $1.
create or replace function segment_test_sql(type text, test text, value text,
    place text[]) returns text
language plpgsql immutable as $$
#variable_conflict use_variable
declare
	one text := format('($1 #>> %L)', place || '{values,0}'::text[]);
	two text := format('($1 #>> %L)', place || '{values,1}'::text[]);
	many text := format('($1 #> %L)', place || '{values}'::text[]);
begin
	many := case when type = 'word' then 'segment_words' || many
	    when type in ('thing', 'tree')
	    then 'segment_texts' || many || '::uuid[]'
	    when type = 'consent' then 'segment_consents' || many
	    else 'segment_texts' || many end;
	return case test
	when 'at_least' then value || ' >= ' || one || '::bigint'
	when 'at_most' then value || ' <= ' || one || '::bigint'
	when 'is' then value || ' = ' || one || '::bigint'
	when 'between' then value || ' between ' || one || '::bigint and '
	    || two || '::bigint'
	when 'from' then value || ' >= (select day_start(' || one
	    || '::date))'
	-- Of what never was there is -infinity.
	when 'until' then value || ' < (select day_start(' || one
	    || '::date + 1)) and ' || value || ' > ''-infinity'''
	when 'within_days' then value || ' >= now() - make_interval(days => '
	    || one || '::integer)'
	when 'before_days' then value || ' < now() - make_interval(days => '
	    || one || '::integer) and ' || value || ' > ''-infinity'''
	when 'yes' then value
	when 'no' then 'not ' || value
	else case when type in ('tree', 'choices', 'tag')
	    then value || ' && ' || many
	    when type = 'consent' then '(' || value || ' & ' || many
	    || ') <> 0'
	    else value || ' = any (' || many || ')' end
	end;
end
$$;

-- Whether a test of a number is passed by zero: by those, then, of whom
-- there are no rows.
create or replace function segment_of_none(type text, node jsonb)
returns boolean
language sql immutable as $$
	select type in ('number', 'money') and case node ->> 'test'
	when 'at_least' then (node #>> '{values,0}')::bigint <= 0
	when 'at_most' then (node #>> '{values,0}')::bigint >= 0
	when 'is' then (node #>> '{values,0}')::bigint = 0
	when 'between' then 0 between (node #>> '{values,0}')::bigint
	    and (node #>> '{values,1}')::bigint
	end
$$;

-- A condition on rows of other tables: for all customers at once by a set of
-- them, for one by its rows alone.
create or replace function segment_rows_sql(v record, node jsonb,
    place text[], key text, one boolean) returns text
language plpgsql immutable as $$
declare
	summed boolean := v.type in ('number', 'money', 'date');
	none boolean := coalesce(node ->> 'test' in ('none_of', 'no')
	    or segment_of_none(v.type, node), false);
	test text := segment_test_sql(v.type, node ->> 'test', v.value, place);
	part text := v.source || ' where ' || case when one
	    then v.link || ' = ' || key else v.link || ' is not null' end
	    || coalesce(' and ' || v.condition, '');
begin
	if coalesce(node -> 'days', 'null') <> 'null' then
		part := part || ' and ' || v.moment
		    || ' >= now() - make_interval(days => '
		    || format('($1 #>> %L)', place || '{days}'::text[])
		    || '::integer)';
	end if;
	if v.type = 'flag' then
		null;		-- any row will do
	elsif not summed then
		part := part || ' and ' || test;
	elsif none then
		part := part || ' group by ' || v.link || ' having ('
		    || test || ') is not true';
	else
		part := part || ' group by ' || v.link || ' having ' || test;
	end if;
	return case when one and none then 'not exists (select from '
	    when one then 'exists (select from '
	    when none then key || ' not in (select ' || v.link || ' from '
	    else key || ' in (select ' || v.link || ' from ' end || part || ')';
end
$$;

-- The condition that rules are, on f, c and a; $1 is the rules, `key` the
-- customer's id.  Rules that segment_check() would refuse are none here
-- either.
create or replace function segment_sql(node jsonb, key text, one boolean,
    place text[] default '{}') returns text
language plpgsql immutable as $$
#variable_conflict use_column
declare
	v record;
	parts text[] := '{}';
	i integer;
begin
	if node ? 'match' then
		for i in 0 .. jsonb_array_length(node -> 'rules') - 1 loop
			parts := parts || segment_sql(node #> array['rules',
			    i::text], key, one, place || array['rules', i::text]);
		end loop;
		return case node ->> 'match'
		when 'all' then '(' || array_to_string(parts, ' and ') || ')'
		when 'any' then '(' || array_to_string(parts, ' or ') || ')'
		when 'none' then '((' || array_to_string(parts, ' or ')
		    || ') is not true)'
		end;
	end if;
	select * into strict v from segment_vocabulary() w
	where w.fact = node ->> 'fact';
	perform from segment_tests() t
	where t.type = v.type and t.test = node ->> 'test';
	if not found then
		perform raise_fault('It is not tested so', 'rules');
	elsif v.figure is null or coalesce(node -> 'days', 'null') <> 'null'
	then
		return segment_rows_sql(v, node, place, key, one);
	elsif node ->> 'test' = 'none_of' then
		return '((' || segment_test_sql(v.type, 'one_of', v.figure,
		    place) || ') is not true)';
	end if;
	return '(' || segment_test_sql(v.type, node ->> 'test', v.figure,
	    place) || ')';
end
$$;

-- Whom the rules describe: `key` and the rest of a query.  Where nothing
-- speaks of c, the narrower table of figures is enough.
create or replace function segment_from(rules jsonb, one boolean,
    out key text, out rest text) language plpgsql immutable as $$
declare
	wide boolean := exists (select
	    from jsonb_path_query(rules, '$.**.fact') u (name)
	    join segment_vocabulary() v on v.fact = u.name #>> '{}'
	    and v.figure ~ '\mc\.');
begin
	key := case when wide then 'c.id' else 'f.customer_id' end;
	rest := case when wide then 'from customer c join customer_figures f '
	    'on f.customer_id = c.id ' else 'from customer_figures f ' end
	    || 'left join points_account a on a.customer_id = ' || key
	    || ' where ' || case when wide then 'c' else 'f' end
	    || '.state = ''active'' and ' || segment_sql(rules, key, one);
end
$$;

-- Sets of a million ids are hashed in memory, not looked through.
create or replace function segment_members(rules jsonb)
returns setof uuid
language plpgsql stable security definer set search_path = duka, pg_temp
set work_mem = '128MB' set enable_nestloop = on as $$
declare
	q record;
begin
	perform segment_check(rules);
	select * into q from segment_from(rules, false);
	return query execute 'select ' || q.key || ' ' || q.rest using rules;
end
$$;

-- Whether the rules describe one customer: by its own rows alone.
create or replace function segment_fits(rules jsonb, customer uuid)
returns boolean
language plpgsql stable security definer set search_path = duka, pg_temp as $$
declare
	q record;
	fits boolean;
begin
	select * into q from segment_from(rules, true);
	execute 'select true ' || q.rest || ' and ' || q.key || ' = $2'
	    into fits using rules, customer;
	return coalesce(fits, false);
end
$$;
