-- SPDX-License-Identifier: ISC
-- reports reads what figures are made of, for those permitted to, and never
-- who bought.
grant select (id, placed_at, state, currency, payment_method, discount_amount,
    tax_amount, total_amount) on customer_order to duka_reports;
grant select (order_id, product_id, variant_id, quantity, discount_amount,
    tax_amount, total_amount) on order_line to duka_reports;
grant select (id, name, category_id, status) on product to duka_reports;
grant select (id, product_id, price_amount, price_currency, status)
    on variant to duka_reports;
grant select (id, name, path) on category to duka_reports;
grant select (id, created_at, email_verified_at) on customer to duka_reports;
grant select (variant_id, location_id, on_hand, reserved) on stock
    to duka_reports;
grant select (id, name) on location to duka_reports;

do $$
declare
	target text;
begin
	foreach target in array array['customer_order', 'order_line', 'product',
	    'variant', 'category', 'customer', 'stock', 'location']
	loop
		execute format('drop policy if exists reports on %I', target);
		execute format('create policy reports on %I for select '
		    'to duka_reports using ((select permitted(%L)))', target,
		    'reports.read');
	end loop;
end
$$;

grant execute on function report_days(date, date, text), day_start(date),
    report_row(text, text, bigint, bigint, numeric, numeric, numeric, text),
    report_of(text, text, date, date, text, json, json),
    sales_by_time(text, date, date, text),
    sales_by_payment(date, date, text),
    sales_by_goods(text, date, date, text), category_label(uuid[]),
    sales_report(text, date, date, text),
    new_customers_report(text, date, date, text),
    stock_value_report(text), mail_report(text, text, text, text, text),
    staff_dashboard(), staff_news() to duka_reports;
