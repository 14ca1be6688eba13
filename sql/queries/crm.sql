-- SPDX-License-Identifier: ISC
-- libcrm's own statements.

-- name: crm_identify
select identify(:world, :account, :session, :guest, :permission,
    :request_id, :address);

-- name: crm_keys
select kid, public_key from verifying_keys();

-- name: crm_settings
select settings() as settings;

-- name: crm_keep_begin
select status, body from keep_begin(:owner, :key, :route, :digest);

-- name: crm_keep_end
select keep_end(:owner, :key, :status, :body);

-- name: crm_ping
select 1;
