-- SPDX-License-Identifier: ISC
-- Part of shop.sql, after talk.sql: what some customers say of what was
-- delivered to them.  Products that sell have several, no two alike.

create temp table opinion (n serial, stars integer, title text, text text)
    on commit drop;
insert into opinion (stars, title, text) values
(5, 'Just like home', 'I grew up with this and did not expect to find it here. It smells right and it tastes right.'),
(4, 'Good, a little dear', 'Very good quality. I wish there were a larger one, it would work out cheaper for a family.'),
(5, '', 'Well packed, here in two days, and a long date on it. I have ordered it again.'),
(3, 'All right', 'It is fine, but I have had better from the market at home. The delivery was quick, though.'),
(5, 'The children asked for more', 'I made it for a birthday, and nothing was left over. What more is there to say?'),
(4, 'As described', 'It is what the picture shows. The label could say more about where it comes from.'),
(2, 'Not for me', 'Stronger than I expected. My neighbour likes it, so it was not wasted, but I will not order it again.'),
(5, 'Worth the wait', 'It was out of stock for weeks and I see why. Fresh, clean, nothing to pick out.'),
(5, 'My grandmother approves', 'She is hard to please and she asked me where I got it. I told her to wait for her birthday.'),
(4, 'Nearly perfect', 'Lovely. One corner of the package was dented, and nothing inside had come to harm.'),
(5, '', 'Third time I buy it. Always the same good quality.'),
(1, 'Disappointed', 'Mine was close to its date when it came. The shop was kind about it, but I had planned it for a feast in June.'),
(4, 'Good value', 'Compared it with two other shops: this one is better and costs about the same.'),
(5, 'A gift that was liked', 'Sent to a friend who has been away from home for ten years. She cried a little.'),
(3, 'Smaller than it looks', 'Read the weight before you order, I did not. The thing itself is good.'),
(5, 'At last', 'The first I find here that needs no excuse when my mother visits.'),
(4, 'Will buy again', E'Good taste and no stones or dust.\n\nTip: keep it in a jar, the bag does not close well once it is open.'),
(5, 'Excellent', 'Exactly what the recipe needs. The kitchen smelled of Sundays.'),
(2, 'Arrived late', 'Nothing wrong with it, but it came a week late and after the party.'),
(5, '', 'Fast, friendly, fresh.'),
(4, 'A pleasant surprise', 'I had never tried it and bought it for curiosity. Now it has a place in the cupboard.'),
(5, 'Better than the one I knew', 'I was loyal to another make for years. Not any more.'),
(3, 'Good, but not always', 'The first one was wonderful, the second only good. I hope for the third.'),
(5, 'The real thing', 'No colours, no nonsense, a short list of what is in it.'),
(4, 'Useful', 'We use it every day. It does what it should, and it looks nice beside the stove.'),
(5, 'Thank you', 'It was in the box as if somebody had packed it for their own family.'),
(4, 'Solid', 'No complaints. Four stars because five are for what my aunt makes.'),
(5, 'Ordered for the whole office', 'Seven people from five countries, and all of them wanted the address of the shop.');

-- What each customer says of what they ate, days and words by the dice.
create temp table told on commit drop as
select t.*, row_number() over (order by t.product_id, t.line_id) as row
from (
	select distinct on (o.customer_id, l.product_id) l.id as line_id,
	    l.product_id, o.customer_id, g.n as customer,
	    o.placed_at + interval '75 hours' + make_interval(secs =>
		(2 + 12 * pg_temp.dice('reviewed', o.id::text,
		    l.position::text)) * 86400) as at
	from order_line l join customer_order o on o.id = l.order_id
	join given_customer g on g.id = o.customer_id
	join product p on p.id = l.product_id
	join category c on c.id = p.category_id
	join category top on top.id = c.path[1]
	    and top.slug not in ('beauty-body', 'home-kitchen')
	where o.state = 'delivered' and l.shipped > 0
	and l.refunded < l.quantity
	and pg_temp.dice('reviews', g.id::text, l.product_id::text) < 0.22
	order by o.customer_id, l.product_id, o.placed_at
) t
where t.at < :'today'::date - interval '6 hours';

-- The latest three still wait.
insert into review (id, product_id, order_line_id, customer_id, author,
    stars, title, text, state, staff_id, decided_at, version, created_at)
select pg_temp.id('review', t.line_id::text), t.product_id, t.line_id,
    t.customer_id, public_name(g.given_name, g.family_name), p.stars, p.title,
    p.text, case when t.latest <= 3 then 'pending' else 'approved' end,
    case when t.latest > 3 then pg_temp.id('staff', 'efua') end,
    case when t.latest > 3 then least(t.at + interval '20 hours',
	:'today'::date - interval '1 hour') end,
    case when t.latest > 3 then 2 else 1 end, t.at
from (select told.*, row_number() over (order by at desc, line_id) as latest
    from told) t
join given_customer g on g.id = t.customer_id
join opinion p on p.n = 1 + (t.row * 5) % (select count(*) from opinion)
order by t.at, t.line_id;

insert into review_vote (review_id, customer_id, at)
select r.id, g.id, least(r.created_at + interval '3 days',
    :'today'::date - interval '1 hour')
from review r join given_customer g on g.id <> r.customer_id
where r.state = 'approved' and g.joined < r.created_at
and pg_temp.dice('helpful', r.id::text, g.id::text) <
    case r.stars when 1 then 0.15 when 2 then 0.12 else 0.07 end
order by r.created_at, r.id, g.n;
