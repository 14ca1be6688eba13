-- SPDX-License-Identifier: ISC

-- name: desk_companies_list
select company_rows(:input) as body;

-- name: desk_company
select company_json(k) as body, k.version from company k where k.id = :id;

-- name: desk_company_create
select body, version, location from company_create(:input);

-- name: desk_company_change
select body, version from company_change(:id, :if_match, :input);

-- name: desk_company_remove
select company_remove(:id, :if_match);

-- name: desk_company_person
select body, version
from company_person_put(:id, :customer_id, :if_match, :title, :main);

-- name: desk_company_person_remove
select company_person_remove(:id, :customer_id, :if_match);
