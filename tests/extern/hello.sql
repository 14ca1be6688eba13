-- SPDX-License-Identifier: ISC
-- name: hello_greet
select json_build_object('greeting', format('Welcome to %s, %s!',
    setting_of('shop.name'), :name::text)) as body
where lower(:name::text) <> 'nobody'
