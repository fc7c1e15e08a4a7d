-- +goose Up

-- What was changed of people, keys, budgets and limits, when, by whom and how. Rows are
-- written with the change, and go with the entries of their month.
create table audit (
    seq     bigint generated always as identity primary key,
    at      bigint not null,
    key_id  text not null, -- of who changed it; '' was tollgate itself
    user_id text not null,
    actor   text not null, -- whom the client named behind it
    action  text not null,
    kind    text not null,
    thing   text not null, -- its id
    was     text not null, -- JSON without secrets; '' it was not there
    became  text not null  -- likewise; '' it is gone
);
create index audit_at on audit (at);
create index audit_by_thing on audit (kind, thing, seq);

-- +goose StatementBegin
create function audit_stays() returns trigger language plpgsql as $$
begin
    raise exception 'audits are never changed';
end $$;
-- +goose StatementEnd
create trigger audit_no_update before update on audit for each row execute function audit_stays();
