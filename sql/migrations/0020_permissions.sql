-- SPDX-License-Identifier: ISC
-- What staff may at the desk and in the office, and the shipped roles' shares
-- of it.

insert into permission (name, about) values
('staff.read', 'See members of staff, their roles and sign-ins'),
('staff.write', 'Invite, change and disable members, end their sessions'),
('roles.write', 'Make and change roles'),
('keys.write', 'Make and revoke API keys'),
('audit.read', 'See who changed what'),
('customers.export', 'Take customers out as a file'),
('customers.erase', 'Merge and erase customers'),
('notes.write', 'Write notes about customers'),
('segments.write', 'Make and change segments of customers'),
('tasks.read', 'See tasks'),
('tasks.write', 'Make, change and complete tasks'),
('companies.read', 'See companies and their people'),
('companies.write', 'Change companies and their people'),
('deals.read', 'See the pipeline'),
('deals.write', 'Change deals and stages'),
('promotions.read', 'See promotions and coupons'),
('promotions.write', 'Change promotions and coupons'),
('settings.read', 'See the shop''s settings'),
('outbox.write', 'Send again what failed');

insert into role_permission (role, permission)
select 'superadmin', name from permission
union
select r, name from permission, unnest(array['admin', 'manager']) r
where name not in ('settings.write', 'roles.write', 'keys.write')
union
select r.role, p.permission from (values
	('analyst', 'tasks.read tasks.write companies.read deals.read promotions.read'),
	('crm', 'customers.export customers.erase notes.write segments.write tasks.read tasks.write companies.read companies.write deals.read deals.write promotions.read promotions.write'),
	('service', 'notes.write tasks.read tasks.write companies.read promotions.read'),
	('sales', 'customers.read notes.write tasks.read tasks.write companies.read companies.write deals.read deals.write promotions.read promotions.write'),
	('agent', 'notes.write tasks.read tasks.write promotions.read')
    ) r (role, permissions),
    string_to_table(r.permissions, ' ') p (permission)
on conflict do nothing;
