-- +goose Up

-- What says of a database what no table does.
create table meta (
    name  text primary key,
    value text not null
) strict, without rowid;
insert into meta (name, value) values ('epoch', '1'); -- one more at each restore

-- The processes that write: each renews its lease, and what one held that let its
-- lease go is settled by another.
create table replicas (
    id         text primary key,
    started_at integer not null,
    lease_ends integer not null
) strict, without rowid;

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
    at         integer not null,
    primary key (key_id, token)
) strict, without rowid;
create index idempotency_by_at on idempotency (at);
create index idempotency_by_hold on idempotency (hold_id) where hold_id != '';

-- Rate limits that were made through the API.
create table limits (
    id         text primary key,
    name       text not null,
    scope      text not null,
    each       integer not null,
    owner      text not null,
    models     text not null,
    requests   integer check (requests >= 0),
    tokens     integer check (tokens >= 0),
    concurrent integer check (concurrent >= 0),
    created_at integer not null
) strict;

-- What was changed of people, keys, budgets and limits, for the other replicas. Rows
-- are kept for a day.
create table changes (
    seq  integer primary key autoincrement,
    kind text not null, -- user, team, key, budget or limit
    id   text not null,
    at   integer not null
) strict;

-- The entries of one replica and one month (UTC) are a chain: each is hashed with the
-- hash before it. The row says where the chain ends, and stays when its entries go.
create table chains (
    writer     text not null,
    month      integer not null, -- year * 100 + month
    entries    integer not null,
    head       text not null, -- SHA-256 in hexadecimal; '' before the first entry
    cost       integer not null,
    removed_at integer, -- when retention took the entries; null: they are here
    primary key (writer, month)
) strict, without rowid;

-- What removed entries had posted to counters.
create table carried (
    budget_id    text not null,
    account_id   text not null,
    period_start integer not null,
    month        integer not null,
    posted       integer not null,
    primary key (budget_id, account_id, period_start, month)
) strict, without rowid;

create table entries_new (
    id            text primary key, -- of the attempt; of a correction, with +1 behind it
    at            integer not null,
    held_at       integer not null,
    request_id    text not null,
    key_id        text not null,
    user_id       text not null,
    team_id       text not null,
    end_user      text not null,
    operation     text not null,
    model         text not null, -- the public name
    deployment    text not null, -- provider/model that was called
    answered      text not null, -- the model that the answer named
    stream        integer not null,
    cost          integer check (cost >= 0 or corrects is not null), -- null: the price is unknown
    held          integer not null,
    input         integer not null, -- tokens in, all kinds
    cached        integer not null, -- of these, read from the upstream's cache
    output        integer not null, -- tokens out, all kinds
    reasoning     integer not null, -- of these, reasoning
    usage         text not null, -- every meter's count
    lines         text not null, -- every meter's count and the rate it was billed at
    price_version text not null,
    tier          text not null,
    source        text not null, -- who counted: reported, counted, estimated, uncertain
    status        text not null, -- ok, or why it ended
    flags         text not null,
    took_us       integer not null,
    claims        text not null, -- the counters that the cost was posted to
    corrects      text,          -- the entry that this one corrects; null: none
    writer        text not null, -- the replica that wrote it
    month         integer not null,
    seq           integer not null, -- its place in the chain; 0: written before there were chains
    hash          text not null
) strict, without rowid;

insert into entries_new
select id, at, held_at, request_id, key_id, user_id, team_id, end_user, operation, model, deployment, answered, stream, cost, held,
       input, cached, output, reasoning, usage, lines, price_version, tier, source, status, flags, took_us, claims, null, '',
       cast(strftime('%Y%m', at / 1000000, 'unixepoch') as integer), 0, ''
from entries;
insert into chains (writer, month, entries, head, cost)
select writer, month, count(*), '', coalesce(sum(cost), 0) from entries_new group by writer, month;

drop table entries; -- with its triggers and indexes
alter table entries_new rename to entries;
create index entries_at on entries (at);
create index entries_by_key on entries (key_id, at);
create index entries_by_user on entries (user_id, at);
create index entries_by_team on entries (team_id, at);
create index entries_by_request on entries (request_id);
create index entries_by_chain on entries (writer, month, seq);

-- Entries are only ever added. They go by whole chains, after the chain's row says so.
-- +goose StatementBegin
create trigger entries_no_update before update on entries begin
    select raise(abort, 'entries are never changed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger entries_no_delete before delete on entries
when not exists (select 1 from chains c where c.writer = old.writer and c.month = old.month and c.removed_at is not null)
begin
    select raise(abort, 'entries are never deleted but by whole months, after the row of their chain says so');
end;
-- +goose StatementEnd
