-- SPDX-License-Identifier: ISC
-- libcrm's own statements.

-- name: crm_identity
select identify(:world, :account, :session, :guest, :permission,
    :request_id, :address);

-- name: crm_verifying_keys
select kid, public_key from verifying_keys();

-- name: crm_all_settings
select version, settings from settings_after(:known);

-- name: crm_keep_take
select status, body from keep_begin(:owner, :key, :route, :digest);

-- name: crm_keep_store
select keep_end(:owner, :key, :status, :body);

-- name: crm_ping
select 1;

-- name: crm_wake
select pg_notify(:channel, '');

-- name: crm_commit_now
commit;

-- name: crm_health
select current_setting('server_version') as server_version;
