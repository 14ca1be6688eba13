-- SPDX-License-Identifier: ISC
-- Part of shop.sql, at its end: what customers wrote lately, what they were
-- answered, and of what they were told.

-- She answered them, and has no way in: a password is nobody's to guess.
insert into staff (id, email, name, state, created_at) values
(pg_temp.id('staff', 'efua'), 'efua.mensah@duka.example', 'Efua Mensah',
    'disabled', :'today'::date - 366);

-- Of customers by their number, of guests by name; `days` before :today.
create temp table talk (n integer, customer integer, guest text,
    subject text, ordered boolean, closed boolean) on commit drop;
insert into talk values
(1, 1, null, 'A torn bag of gari', true, true),
(2, 4, null, 'Delivery on a Saturday', true, false),
(3, null, 'Maeve Brennan', 'Is the palm oil from small farms?', false, true),
(4, 7, null, 'My points for the last order', true, true),
(5, null, 'Kwaku Boateng', 'Fresh plantain for a wedding', false, false),
(6, 12, null, 'The wrong tea', true, false),
(7, null, 'Siobhan Daly', 'Your opening hours at Easter', false, true),
(8, 1, null, 'Egusi without shells', false, false);

create temp table said (n integer, number integer, days integer, hour time,
    staff boolean, text text) on commit drop;
insert into said values
(1, 1, 24, '18:12', false, 'Hello, one of the two bags of gari arrived with a hole, and half of it is in the box. The rest is fine.'),
(1, 2, 23, '09:20', true, 'We are sorry. Another bag goes out today, and there is nothing you need to send back.'),
(1, 3, 21, '12:41', false, 'It is here, thank you very much!'),
(2, 1, 3, '20:05', false, 'I am at work all week. Can the parcel come on Saturday?'),
(2, 2, 2, '09:14', true, 'The carrier delivers on Saturdays in Dublin, Cork and Galway. Shall we note it on your order?'),
(2, 3, 2, '19:30', false, 'Yes please.'),
(3, 1, 61, '11:02', false, 'I would like to know where your red palm oil comes from before I buy it.'),
(3, 2, 61, '15:47', true, 'From a cooperative of small farms in the Volta Region of Ghana. Their name is on each bottle.'),
(4, 1, 33, '08:55', false, 'My order came last week, but I see no points for it.'),
(4, 2, 33, '10:10', true, 'Points come with the delivery, and the carrier told us of it only today. They are on your account now.'),
(5, 1, 1, '21:17', false, 'We need about forty kilos of ripe plantain on the first weekend of next month. Is that possible, and at what price?'),
(6, 1, 1, '17:40', false, 'I ordered rooibos and got hibiscus. It is good too, but it is not what I ordered.'),
(7, 1, 90, '13:33', false, 'Are you open on Good Friday?'),
(7, 2, 89, '09:02', true, 'We are closed on Good Friday and on Easter Monday, and open on the Saturday between them.'),
(8, 1, 1, '07:25', false, 'Do you have egusi that is peeled already? I find only the whole seeds.');

insert into conversation (id, customer_id, email, name, subject, order_number,
    state, last_number, last_author, last_at, created_at, closed_at, version)
select pg_temp.id('conversation', t.n::text), g.id, case when g.id is null
	then lower(replace(t.guest, ' ', '.')) || '@example.net' end,
    coalesce(g.given_name || ' ' || g.family_name, t.guest), t.subject,
    case when t.ordered then (select o.number from customer_order o
	where o.customer_id = g.id and o.placed_at < s.began
	order by o.placed_at desc limit 1) end,
    case when t.closed then 'closed' else 'open' end, s.count, s.author,
    s.ended, s.began, case when t.closed then s.ended + interval '2 hours' end,
    s.count
from talk t left join given_customer g on g.n = t.customer
join (select n, count(*) as count, min(:'today'::date - days + hour) as began,
    max(:'today'::date - days + hour) as ended,
    (array_agg(case when staff then 'staff' else 'customer' end
	order by number desc))[1] as author
    from said group by n) s on s.n = t.n
order by s.began;
insert into message (id, conversation_id, number, author, staff_id, text, at)
select pg_temp.id('message', n::text, number::text),
    pg_temp.id('conversation', n::text), number,
    case when staff then 'staff' else 'customer' end,
    case when staff then pg_temp.id('staff', 'efua') end, text,
    :'today'::date - days + hour
from said order by n, number;

-- A year went by in a moment: of what they were told the last six weeks
-- stay, at its time, and what is older than five days was read.
delete from notification;
insert into notification (id, customer_id, kind, data, created_at, read_at)
select pg_temp.id('notification', t.key), t.customer_id, t.kind,
    jsonb_strip_nulls(t.data), t.at,
    case when t.at < :'today'::date - 5 then t.at + interval '9 hours' end
from (
	select 'order' || row_number() over (order by e.at, o.number, e.kind,
	    e.to_state) as key, o.customer_id, case e.kind when 'return'
	    then 'return_moved' else 'order_moved' end as kind,
	    jsonb_build_object('order_id', o.id, 'number', o.number,
	    'event', e.kind, 'from', e.from_state, 'to', e.to_state,
	    'return_id', e.data -> 'return_id',
	    'amount', e.data -> 'amount') as data, e.at
	from order_event e join customer_order o on o.id = e.order_id
	where e.kind in ('state', 'return', 'refund')
	    and e.to_state <> 'requested' and o.customer_id is not null
	union all
	select 'points' || row_number() over (order by p.at, c.number, p.kind),
	    p.customer_id, 'points', jsonb_build_object('event', p.kind,
	    'points', p.points, 'balance', p.balance, 'order_id', p.order_id),
	    p.at
	from points_entry p join customer c on c.id = p.customer_id
	where p.kind <> 'redeem'
	union all
	select 'reply' || s.n || '-' || s.number, c.customer_id, 'reply',
	    jsonb_build_object('conversation_id', c.id, 'number', c.number,
	    'subject', c.subject, 'message', s.number,
	    'begins', left(s.text, 200)), :'today'::date - s.days + s.hour
	from said s join conversation c
	    on c.id = pg_temp.id('conversation', s.n::text)
	where s.staff and c.customer_id is not null
) t
where t.at >= :'today'::date - 42 and t.at < :'today'::date;
