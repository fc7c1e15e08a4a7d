-- +goose Up

-- What says of a database what no table does.
create table meta (
    name  text primary key,
    value text not null
);
insert into meta (name, value) values ('epoch', '1'); -- one more at each restore

-- The processes that write: each renews its lease, and what one held that let its
-- lease go is settled by another.
create table replicas (
    id         text primary key,
    started_at bigint not null,
    lease_ends bigint not null
);

alter table holds add column owner text not null default '';    -- the replica that takes care of it
alter table holds add column progress text not null default ''; -- how far the answer had got, as JSON; '' is not known
create index holds_by_owner on holds (owner);

-- Calls that carried an Idempotency-Key, for a day.
create table idempotency (
    key_id     text not null,
    token      text not null, -- SHA-256 of the header's value, in hexadecimal
    body       text not null, -- SHA-256 of the body
    request_id text not null,
    hold_id    text not null, -- '' when the call has ended
    at         bigint not null,
    primary key (key_id, token)
);
create index idempotency_by_at on idempotency (at);
create index idempotency_by_hold on idempotency (hold_id) where hold_id != '';

-- Rate limits that were made through the API.
create table limits (
    id         text primary key,
    name       text not null,
    scope      text not null,
    each       boolean not null,
    owner      text not null,
    models     text not null,
    requests   bigint check (requests >= 0),
    tokens     bigint check (tokens >= 0),
    concurrent bigint check (concurrent >= 0),
    created_at bigint not null
);

-- What was changed of people, keys, budgets and limits, for the other replicas. Rows
-- are kept for a day.
create table changes (
    seq  bigint generated always as identity primary key,
    kind text not null, -- user, team, key, budget or limit
    id   text not null,
    at   bigint not null
);

-- The entries of one replica and one month (UTC) are a chain: each is hashed with the
-- hash before it. The row says where the chain ends, and stays when its entries go.
create table chains (
    writer     text not null,
    month      bigint not null, -- year * 100 + month
    entries    bigint not null,
    head       text not null, -- SHA-256 in hexadecimal; '' before the first entry
    cost       bigint not null,
    removed_at bigint, -- when retention took the entries; null: they are here
    primary key (writer, month)
);

-- What removed entries had posted to counters.
create table carried (
    budget_id    text not null,
    account_id   text not null,
    period_start bigint not null,
    month        bigint not null,
    posted       bigint not null,
    primary key (budget_id, account_id, period_start, month)
);

alter table entries
    drop constraint entries_cost_check,
    add column corrects text, -- the entry that this one corrects; null: none
    add column writer text not null default '', -- the replica that wrote it
    add column month  bigint not null default 0,
    add column seq    bigint not null default 0, -- its place in the chain; 0: written before there were chains
    add column hash   text not null default '',
    add constraint entries_cost_check check (cost >= 0 or corrects is not null);
alter table entries disable trigger entries_no_change;
update entries set month = to_char(to_timestamp(at / 1000000) at time zone 'UTC', 'YYYYMM')::bigint;
drop trigger entries_no_change on entries;
insert into chains (writer, month, entries, head, cost)
select writer, month, count(*), '', coalesce(sum(cost), 0) from entries group by writer, month;
create index entries_by_request on entries (request_id);
create index entries_by_chain on entries (writer, month, seq);

-- Entries are only ever added. They go by whole chains, after the chain's row says so.
-- +goose StatementBegin
create or replace function entries_stay() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and exists (select 1 from chains c where c.writer = old.writer and c.month = old.month and c.removed_at is not null) then
        return old;
    end if;
    raise exception 'entries are never changed, and deleted only by whole months, after the row of their chain says so';
end $$;
-- +goose StatementEnd
create trigger entries_no_change before update or delete on entries for each row execute function entries_stay();
