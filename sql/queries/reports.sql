-- SPDX-License-Identifier: ISC

-- name: reports_sales
select sales_report(:by, :from, :to, :last) as body;

-- name: reports_new_customers
select new_customers_report(:by, :from, :to, :last) as body;

-- name: reports_stock_value
select stock_value_report(:by) as body;

-- name: reports_mail
select mail_report(:recipient, :subject, :name, :type, :content) as body;

-- name: reports_dashboard
select staff_dashboard() as body;

-- name: reports_news
select n as body, md5(n::text) as version from staff_news() n;
