-- SPDX-License-Identifier: ISC
-- desk: companies and deals for staff who may see them; what changes one is
-- a function, which asks whether they may.
grant execute on function company_line_json(company),
    company_people_json(uuid), company_json(company), company_found(jsonb),
    company_rows(jsonb), company_create(jsonb),
    company_change(uuid, integer, jsonb), company_remove(uuid, integer),
    company_person_put(uuid, uuid, integer, text, boolean),
    company_person_remove(uuid, uuid, integer), stage_json(deal_stage),
    deal_company_json(uuid), deal_json(deal), deal_event_json(deal_event),
    deal_found(jsonb), deal_rows(jsonb), deal_sums(jsonb, integer),
    deal_board(jsonb), deal_create(jsonb),
    deal_change(uuid, integer, jsonb), deal_remove(uuid, integer),
    stage_create(text, text, integer),
    stage_change(uuid, integer, text, integer), stages_json(),
    stages_order(integer, jsonb), stages_version(),
    stage_remove(uuid, integer), colleague_json(uuid),
    task_customer_json(uuid), task_order_json(uuid), task_words(text),
    list_label(jsonb), list_near(jsonb, boolean),
    cursor_after(text, text, text), plain(text) to duka_desk;

grant select on company, company_person, deal, deal_stage, deal_event
    to duka_desk;

drop policy if exists staff on company;
create policy staff on company for select to duka_desk
    using ((select permitted('companies.read')));
drop policy if exists staff on company_person;
create policy staff on company_person for select to duka_desk
    using ((select permitted('companies.read')));
drop policy if exists staff on deal;
create policy staff on deal for select to duka_desk
    using ((select permitted('deals.read')));
drop policy if exists staff on deal_stage;
create policy staff on deal_stage for select to duka_desk
    using ((select permitted('deals.read')));
drop policy if exists staff on deal_event;
create policy staff on deal_event for select to duka_desk
    using ((select permitted('deals.read')));
