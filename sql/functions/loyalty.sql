-- SPDX-License-Identifier: ISC
-- The ledger of points: lots that are filled by deliveries and emptied oldest
-- first, and the tiers that follow from it.
--
-- Whoever changes an account locks its row first, after the order's and
-- before coupons and stock (see orders_checkout.sql).

-- Some of what is called here is defined in files applied later.
set check_function_bodies = off;

-- What points are worth: 100 are one unit of the currency, what is less than
-- its smallest coin is nothing.
create or replace function points_value(points bigint, currency text)
returns bigint language sql immutable parallel safe as $$
	select trunc(greatest(points, 0) * 10::numeric ^ currency_digits($2)
	    / 100)::bigint
$$;

-- One point for each whole unit, times the multiplier, rounded once.
create or replace function points_for(amount bigint, currency text,
    multiplier numeric) returns integer
language sql immutable parallel safe as $$
	select least(1000000000, round(trunc(greatest(amount, 0)
	    / 10::numeric ^ currency_digits($2)) * multiplier))::integer
$$;

-- The ledger only grows; of an entry that stands only its words may go.  It
-- follows its customer when two accounts become one (merge_points()).
create or replace function points_entry_stands() returns trigger
language plpgsql as $$
declare
	same points_entry := new;
begin
	if tg_op = 'UPDATE' and new.reason = '' then
		same.reason := old.reason;
		if same is not distinct from old then
			return new;
		end if;
	end if;
	if tg_op = 'UPDATE' and new.customer_id <> old.customer_id
	    and merging(old.customer_id, new.customer_id) then
		same := new;
		same.customer_id := old.customer_id;
		same.reference := old.reference;
		if same is not distinct from old then
			return new;
		end if;
	end if;
	raise exception 'The ledger of points is not changed'
	    using errcode = 'UK409';
end
$$;

create or replace function points_stands() returns trigger
language plpgsql as $$
begin
	raise exception 'The ledger of points is not changed'
	    using errcode = 'UK409';
end
$$;

-- Of a lot, what is left changes, and only with the ledger.
create or replace function points_lot_stands() returns trigger
language plpgsql as $$
declare
	same points_lot := new;
begin
	if tg_op = 'UPDATE' then
		same.left_points := old.left_points;
		if merging(old.customer_id, new.customer_id) then
			same.customer_id := old.customer_id;
		end if;
		if same is not distinct from old
		    and new.left_points = (select coalesce(sum(p.points), 0)
		    from points_part p where p.lot_id = new.id) then
			return new;
		end if;
	end if;
	raise exception 'The ledger of points is not changed'
	    using errcode = 'UK409';
end
$$;

-- An entry moves the balance, and says what it was then.
create or replace function points_entry_made() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update points_account a set balance = a.balance + new.points,
	    moved_at = case when new.kind = 'expire' then a.moved_at
		else now() end,
	    warned_at = null
	where a.customer_id = new.customer_id
	returning a.balance into new.balance;
	return new;
end
$$;

create or replace function points_part_made() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	update points_lot set left_points = left_points + new.points
	where id = new.lot_id;
	return null;
end
$$;

-- The parts sum to their entry, and are of the same customer's lots.
create or replace function points_entry_sum() returns trigger
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	if new.points is distinct from (select sum(p.points)
	    from points_part p join points_lot l on l.id = p.lot_id
	    where p.entry_id = new.id
	    and l.customer_id = new.customer_id) then
		raise exception 'The parts of entry % do not sum to it',
		    new.id using errcode = '23514',
		    constraint = 'points_entry_sum';
	end if;
	return null;
end
$$;

create or replace trigger points_entry_stands before update or delete
    on points_entry for each row execute function points_entry_stands();
create or replace trigger points_part_stands before update or delete
    on points_part for each row execute function points_stands();
create or replace trigger points_lot_stands before update or delete
    on points_lot for each row execute function points_lot_stands();
create or replace trigger points_entry_made before insert on points_entry
    for each row execute function points_entry_made();
create or replace trigger points_part_made after insert on points_part
    for each row execute function points_part_made();
drop trigger if exists points_entry_sum on points_entry;
create constraint trigger points_entry_sum after insert on points_entry
    deferrable initially deferred
    for each row execute function points_entry_sum();
select audited('reward'), audited('loyalty_tier');

create or replace function raise_points_short(wanted bigint, balance bigint)
returns void language plpgsql as $$
begin
	raise exception 'There are % points', balance using errcode = 'UK701',
	    hint = jsonb_build_object('wanted', wanted,
	    'balance', balance)::text;
end
$$;

create or replace function raise_reward() returns void
language plpgsql as $$
begin
	raise exception 'That reward can''t be had now'
	    using errcode = 'UK702';
end
$$;

-- The account of a customer, made if need be, and locked.
create or replace function points_account_lock(p_customer uuid)
returns points_account
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	a points_account;
begin
	insert into points_account (customer_id) values (p_customer)
	on conflict do nothing;
	select * into a from points_account
	where customer_id = p_customer for update;
	return a;
end
$$;

-- Writes an entry and its parts.  The account is locked.
create or replace function points_post(p_customer uuid, p_kind text,
    p_lots bigint[], p_parts integer[], p_order uuid, p_reference text,
    p_reason text) returns points_entry
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	e points_entry;
begin
	insert into points_entry (customer_id, kind, points, order_id,
	    reference, reason, staff_id)
	select p_customer, p_kind, sum(n), p_order, p_reference,
	    coalesce(p_reason, ''), current_staff()
	from unnest(p_parts) n
	returning * into e;
	insert into points_part (entry_id, lot_id, points)
	select e.id, u.lot, u.n from unnest(p_lots, p_parts) u (lot, n);
	return e;
end
$$;

-- Points that come new, as a lot of their own.
create or replace function points_grant(p_customer uuid, p_kind text,
    p_points integer, p_order uuid, p_reference text, p_reason text)
returns points_entry
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	lot bigint;
begin
	insert into points_lot (customer_id, points)
	values (p_customer, p_points) returning id into lot;
	return points_post(p_customer, p_kind, array[lot], array[p_points],
	    p_order, p_reference, p_reason);
end
$$;

-- Takes points from the oldest lots.  The account is locked, and has them.
create or replace function points_spend(p_customer uuid, p_kind text,
    p_points bigint, p_order uuid, p_reason text) returns points_entry
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	lots bigint[];
	parts integer[];
begin
	select array_agg(l.id order by l.made_at, l.id),
	    array_agg(-least(l.left_points, p_points - l.before)
	    order by l.made_at, l.id)
	into lots, parts
	from (select x.id, x.made_at, x.left_points,
		sum(x.left_points) over (order by x.made_at, x.id)
		- x.left_points as before
	    from points_lot x
	    where x.customer_id = p_customer and x.left_points > 0) l
	where l.before < p_points;
	if p_points is distinct from (select -sum(n) from unnest(parts) n) then
		perform raise_points_short(p_points,
		    (select a.balance from points_account a
		    where a.customer_id = p_customer));
	end if;
	return points_post(p_customer, p_kind, lots, parts, p_order, null,
	    p_reason);
end
$$;

-- What a customer earned from a moment on: what tiers are reached by.
create or replace function tier_points(p_customer uuid, since timestamptz)
returns bigint
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(sum(e.points), 0)::bigint from points_entry e
	where e.customer_id = p_customer and e.at >= since
	and e.kind in ('earn', 'bonus', 'reverse')
$$;

create or replace function tier_for(p_points bigint) returns loyalty_tier
language sql stable security definer set search_path = duka, pg_temp as $$
	select t from loyalty_tier t where t.points <= greatest(p_points, 0)
	order by t.points desc limit 1
$$;

-- Up at once, and then not down before the month has ended (lower_tiers()).
create or replace function tier_raise(p_customer uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	t loyalty_tier := tier_for(tier_points(p_customer,
	    now() - interval '12 months'));
begin
	update points_account a set tier = t.code, tier_since = now(),
	    tier_reviewed = (now() at time zone
	    setting_of('shop.time_zone'))::date
	where a.customer_id = p_customer
	and t.points > (select x.points from loyalty_tier x
	    where x.code = a.tier);
end
$$;

-- An order's points as they stand in the ledger.
create or replace function order_points(p_order uuid, out earned integer,
    out reversed integer, out redeemed integer, out returned integer)
language sql stable security definer set search_path = duka, pg_temp as $$
	select coalesce(sum(e.points) filter (where e.kind = 'earn'), 0),
	    coalesce(-sum(e.points) filter (where e.kind = 'reverse'), 0),
	    coalesce(-sum(e.points) filter (where e.kind = 'redeem'), 0),
	    coalesce(sum(e.points) filter (where e.kind = 'return'), 0)
	from points_entry e where e.order_id = p_order
$$;

-- Gives redeemed points of an order back to the lots they came from, those
-- taken last first.
create or replace function points_give_back(o customer_order, p_points integer)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	lots bigint[];
	parts integer[];
begin
	select array_agg(l.lot_id), array_agg(least(l.room,
	    p_points - l.before)::integer)
	into lots, parts
	from (select t.lot_id, t.room, sum(t.room) over (
		order by t.lot_id desc) - t.room as before
	    from (select p.lot_id, -sum(p.points) as room
		from points_entry e join points_part p on p.entry_id = e.id
		where e.order_id = o.id and e.kind in ('redeem', 'return')
		group by p.lot_id having sum(p.points) < 0) t) l
	where l.before < p_points;
	if lots is not null then
		perform points_post(o.customer_id, 'return', lots, parts,
		    o.id, null, '');
	end if;
end
$$;

-- Brings an order's points to what its refunds leave of them.
create or replace function points_settle(o customer_order) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	r points_refund;
	p record;
	share numeric;
	back integer;
begin
	select * into r from points_refund where order_id = o.id;
	if not found then
		return;
	end if;
	share := case when r.original = 0 then 1
	    else r.refunded::numeric / r.original end;
	p := order_points(o.id);
	back := round(p.earned * share) - p.reversed;
	if back > 0 then
		perform points_post(o.customer_id, 'reverse', array[(
		    select x.lot_id from points_entry e
		    join points_part x on x.entry_id = e.id
		    where e.order_id = o.id and e.kind = 'earn')],
		    array[-back], o.id, null, '');
	end if;
	-- What came back because the order was changed is not its refunds'.
	back := round((p.redeemed - o.edited_points) * share)
	    - (p.returned - o.edited_points);
	if back > 0 then
		perform points_give_back(o, back);
	end if;
end
$$;

-- An order's points, once it is delivered and, where it is paid in advance,
-- paid.  May be called again: they are earned once.
create or replace function earn_points(p_order uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
	a points_account;
	goods bigint;
	earned integer;
begin
	select * into o from customer_order where id = p_order;
	if o.state is distinct from 'delivered' or o.customer_id is null
	    or o.payment_state = 'failed'
	    or o.payment_state in ('unpaid', 'authorised')
	    and coalesce((o.payment ->> 'prepaid')::boolean, false)
	    or not exists (select from customer c
	    where c.id = o.customer_id and c.state <> 'erased') then
		return;
	end if;
	a := points_account_lock(o.customer_id);
	if exists (select from points_entry
	    where order_id = o.id and kind = 'earn') then
		return;
	end if;
	select sum(l.total_amount) into goods from order_line l
	where l.order_id = o.id;
	earned := points_for(goods, o.currency, (select t.multiplier
	    from loyalty_tier t where t.code = a.tier));
	if earned > 0 then
		perform points_grant(o.customer_id, 'earn', earned, o.id,
		    null, '');
		perform points_settle(o);
		perform tier_raise(o.customer_id);
	end if;
end
$$;

-- Takes what an order redeems, in the transaction that places it.
create or replace function redeem_points(p_order uuid, p_quote jsonb)
returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
	a points_account;
	spent bigint := coalesce((p_quote #>> '{points,redeemed}')::bigint, 0);
	cost bigint := case when (p_quote #>> '{reward,applied}')::boolean
	    then (p_quote #>> '{reward,cost}')::bigint else 0 end;
begin
	if spent + coalesce(cost, 0) = 0 then
		return;
	end if;
	select * into o from customer_order where id = p_order;
	if o.customer_id is null
	    or (p_quote #>> '{points,amount,amount}')::bigint
	    > points_value(spent, o.currency) then
		perform raise_points_short(spent, 0);
	end if;
	a := points_account_lock(o.customer_id);
	if a.balance < spent + cost then
		perform raise_points_short(spent + cost, a.balance);
	end if;
	perform points_spend(o.customer_id, 'redeem', spent + cost, o.id, '');
	if cost > 0 then
		insert into reward_use (order_id, reward_id, customer_id, cost)
		values (o.id, (p_quote #>> '{reward,id}')::uuid,
		    o.customer_id, cost);
	end if;
end
$$;

-- A cancelled order's points, all of them.
create or replace function return_points(p_order uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
	p record;
begin
	p := order_points(p_order);
	if p.redeemed = 0 then
		return;
	end if;
	select * into o from customer_order where id = p_order;
	perform points_account_lock(o.customer_id);
	p := order_points(p_order);
	if p.redeemed > p.returned then
		perform points_give_back(o, p.redeemed - p.returned);
	end if;
end
$$;

-- Goods of an order came back: its points go the same way, by their share.
-- `refunded` is what this refund adds, `original` the whole; both by one
-- measure of the goods, their subtotals say, of which the refunds of an order
-- never exceed the whole.  (By what was paid nothing would be known of goods
-- that points paid for: if `original` is 0 all points go.)  k refunds of one
-- piece come to the same as one of k.  The order is locked by who refunds.
create or replace function reverse_points(p_order uuid, refunded bigint,
    original bigint) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	o customer_order;
begin
	select * into o from customer_order where id = p_order;
	if o.customer_id is null then
		return;
	end if;
	perform points_account_lock(o.customer_id);
	insert into points_refund as r (order_id, refunded, original)
	values (p_order, least(greatest($2, 0), greatest($3, 0)),
	    greatest($3, 0))
	on conflict on constraint points_refund_pkey do update
	set refunded = least(r.refunded + greatest($2, 0), r.original);
	perform points_settle(o);
end
$$;

-- Points for something other than buying, as many as the setting
-- loyalty.bonus_REASON says; once for each reference.  Answers how many.
create or replace function bonus_points(p_customer uuid, p_reason text,
    p_reference text) returns integer
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	n integer := coalesce(setting_of('loyalty.bonus_' || p_reason),
	    '0')::integer;
begin
	if n <= 0 or not exists (select from customer c
	    where c.id = p_customer and c.state <> 'erased') then
		return 0;
	end if;
	perform points_account_lock(p_customer);
	if exists (select from points_entry e where e.kind = 'bonus'
	    and e.customer_id = p_customer and e.reference = p_reference) then
		return 0;
	end if;
	perform points_grant(p_customer, 'bonus', n, null, p_reference,
	    p_reason);
	perform tier_raise(p_customer);
	return n;
end
$$;

-- Staff give or take points; not more than there are.
create or replace function adjust_points(p_customer uuid, p_points integer,
    p_reason text) returns points_entry
language plpgsql security definer set search_path = duka, pg_temp as $$
declare
	a points_account;
begin
	perform demand('loyalty.write');
	perform from customer c where c.id = p_customer
	and c.state <> 'erased' for share;
	if not found then
		raise exception 'There is no such customer'
		    using errcode = 'UK410';
	end if;
	a := points_account_lock(p_customer);
	if p_points > 0 then
		return points_grant(p_customer, 'adjust', p_points, null,
		    null, p_reason);
	end if;
	if a.balance < -p_points then
		perform raise_points_short(-p_points, a.balance);
	end if;
	return points_spend(p_customer, 'adjust', -p_points, null, p_reason);
end
$$;

-- An erased customer's ledger stays without words and without points.
create or replace function forget_points(p_customer uuid) returns void
language plpgsql security definer set search_path = duka, pg_temp as $$
begin
	perform from points_account where customer_id = p_customer for update;
	if found then
		perform points_expire(p_customer);
		update points_entry set reason = ''
		where customer_id = p_customer and reason <> '';
	end if;
end
$$;
