-- SPDX-License-Identifier: ISC
-- The mails there are (etc/mail), with what each is filled with: the names
-- that staff may use in their own words, and what a preview shows.  A new
-- mail is one row here; without one it is sent as it is shipped.

with o (o) as (values ('{
    "name": "Ada", "number": "D-100234",
    "path": "/account/orders/9b2f6a34-1c1e-4b54-9c07-5f9b6f0e8d00",
    "review_query": "",
    "lines": [
	{"quantity": 2, "name": "White gari", "sku": "GARI-1KG",
	 "product_id": "9b2f6a34-1c1e-4b54-9c07-5f9b6f0e8d03",
	 "total": {"amount": 1780, "currency": "EUR"}},
	{"quantity": 1, "name": "Red palm oil", "sku": "PO-500",
	 "product_id": "9b2f6a34-1c1e-4b54-9c07-5f9b6f0e8d04",
	 "total": {"amount": 495, "currency": "EUR"}}],
    "subtotal": {"amount": 2475, "currency": "EUR"},
    "discount": {"amount": 200, "currency": "EUR"},
    "shipping": {"name": "Home delivery",
	"total": {"amount": 490, "currency": "EUR"}},
    "tax": {"amount": 317, "currency": "EUR"},
    "total": {"amount": 2765, "currency": "EUR"},
    "shipping_address": {"name": "Ada Obi", "company": "Obi & Daughters",
	"line1": "12 Harbour Row", "line2": "Second floor",
	"postcode": "D02 X285", "city": "Dublin", "region": "Leinster",
	"country": "IE"},
    "payment": {"label": "Bank transfer", "holder": "Duka",
	"iban": "IE29AIBK93115212345678", "bic": "AIBKIE2D",
	"amount": {"amount": 2765, "currency": "EUR"}}}'::jsonb)),
wish (w) as (values ('{"name": "Ada", "first": "White gari", "others": 2,
    "rest": 1, "items": [{"product": {"name": "White gari",
	"slug": "white-gari"},
	"price": {"amount": 890, "currency": "EUR"},
	"was": {"amount": 1090, "currency": "EUR"}}],
    "unsubscribe": "https://shop.example/unsubscribe?token=…"}'::jsonb)),
message (m) as (values ('{"name": "Ada", "number": "M-1042",
    "subject": "A torn bag", "text": "One of the bags had a hole.",
    "path": "/account/messages/9b2f6a34-1c1e-4b54-9c07-5f9b6f0e8d07",
    "order_number": "D-100234"}'::jsonb))
insert into mail_template as t (position, name, group_name, audience, needed,
    sample)
select v.position, v.name, v.group_name, v.audience,
    string_to_array(v.needed, ' '), v.sample
from o, wish, message, lateral (values
    (1, 'order-placed', 'orders', 'customer', 'number path', o),
    (2, 'order-shipped', 'orders', 'customer', 'number path', o ||
	'{"partial": true, "carrier": "An Post",
	"tracking_number": "RB123456785IE", "shipment": {"lines": [
	{"quantity": 2, "name": "White gari"}]}}'),
    (3, 'order-delivered', 'orders', 'customer', 'number path', o ||
	'{"return_day": "2026-04-01"}'),
    (4, 'order-cancelled', 'orders', 'customer', 'number path', o ||
	'{"reason": "The goods are no longer made."}'),
    (5, 'refunded', 'orders', 'customer', 'number path', o ||
	'{"refund": {"amount": {"amount": 890, "currency": "EUR"},
	"shipping": {"amount": 490, "currency": "EUR"},
	"reason": "One bag was torn", "lines": [{"quantity": 1,
	"name": "White gari",
	"amount": {"amount": 890, "currency": "EUR"}}]}}'),
    (6, 'return-moved', 'orders', 'customer', 'number path', o ||
	'{"requested": false, "approved": true, "refused": false,
	"return": {"decision_note": "We pay for the parcel.", "lines": [
	{"quantity": 1, "name": "White gari"}]}}'),
    (7, 'order-changed', 'orders', 'customer', 'number path', o ||
	'{"reason": "One bag is gone.",
	"before": {"amount": 3265, "currency": "EUR"},
	"back": {"amount": 500, "currency": "EUR"},
	"open": {"amount": 500, "currency": "EUR"}}'),
    (8, 'shipment-changed', 'orders', 'customer', 'number path', o ||
	'{"carrier": "An Post", "tracking_number": "RB123456785IE"}'),
    (11, 'verify-email', 'account', 'customer', 'link', '{"name": "Ada",
	"link": "https://shop.example/verify-email#token=…"}'::jsonb),
    (12, 'welcome', 'account', 'customer', '', '{"name": "Ada"}'),
    (13, 'reset-password', 'account', 'customer', 'link', '{"name": "Ada",
	"link": "https://shop.example/reset-password#token=…"}'),
    (14, 'password-changed', 'account', 'customer', '', '{"name": "Ada"}'),
    (18, 'change-email', 'account', 'customer', 'link', '{"name": "Ada",
	"link": "https://shop.example/verify-email#token=…"}'),
    (19, 'email-changed', 'account', 'customer', '', '{"name": "Ada"}'),
    (15, 'account-exists', 'account', 'customer', '', '{"name": "Ada",
	"link": "https://shop.example/login"}'),
    (21, 'message-received', 'messages', 'customer', 'number', m),
    (22, 'message-reply', 'messages', 'customer', 'text', m),
    (23, 'message-arrived', 'messages', 'staff', 'text', m ||
	'{"first": true, "writer": "Ada Obi", "email": "ada@example.com"}'),
    (31, 'back-in-stock', 'wishes', 'customer', 'items unsubscribe', w),
    (32, 'price-drop', 'wishes', 'customer', 'items unsubscribe', w),
    (41, 'points-moved', 'loyalty', 'customer', '', '{"name": "Ada",
	"came": true, "count": 50, "balance": 640,
	"reason": "Thank you for waiting"}'),
    (42, 'points-expiring', 'loyalty', 'customer', 'points day',
	'{"name": "Ada", "points": 640, "day": "2026-04-01",
	"worth": {"amount": 640, "currency": "EUR"}}'),
    (51, 'review-decided', 'reviews', 'customer', '', '{"name": "Ada",
	"approved": true, "note": "It names a person.",
	"path": "/product/white-gari",
	"product": {"name": "White gari", "slug": "white-gari"}}'),
    (71, 'staff-invite', 'staff', 'staff', 'path', '{"name": "Efua",
	"inviter": "Kofi Mensah", "by": "Kofi Mensah",
	"path": "/admin-panel/password#token=…"}'),
    (72, 'staff-reset-password', 'staff', 'staff', 'path',
	'{"name": "Efua", "inviter": "Kofi Mensah", "by": "Kofi Mensah",
	"path": "/admin-panel/password#token=…"}'),
    (73, 'staff-new-device', 'staff', 'staff', '', '{"name": "Efua",
	"at": "2026-03-02 09:30", "address": "203.0.113.7",
	"agent": "Firefox on Linux"}'),
    (74, 'staff-secured', 'staff', 'staff', '', '{"name": "Efua",
	"at": "2026-03-02 09:30", "password": true, "totp_on": false,
	"totp_off": false, "codes": false, "by": "Kofi Mensah"}'),
    (75, 'task-reminder', 'staff', 'staff', '', '{"name": "Efua",
	"title": "Call the harbour", "due": "2026-03-02",
	"task_id": "9b2f6a34-1c1e-4b54-9c07-5f9b6f0e8d09"}'),
    (61, 'report', 'reports', 'staff', '', '{"title": "Sales, March 2026"}')
    ) v (position, name, group_name, audience, needed, sample)
on conflict (name) do update
set position = excluded.position, group_name = excluded.group_name,
    audience = excluded.audience, needed = excluded.needed,
    sample = excluded.sample;
