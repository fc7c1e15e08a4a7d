-- +goose Up

-- Times are microseconds since 1970 in UTC, money is in nano-dollars (10^-9 USD),
-- lists and maps are JSON.

create table users (
    id         text primary key,
    name       text not null,
    email      text not null,
    blocked    integer not null,
    models     text not null,
    created_at integer not null
) strict;

create table teams (
    id         text primary key,
    name       text not null,
    blocked    integer not null,
    models     text not null,
    created_at integer not null
) strict;

create table members (
    team_id text not null references teams (id) on delete cascade,
    user_id text not null references users (id) on delete cascade,
    primary key (team_id, user_id)
) strict, without rowid;
create index members_by_user on members (user_id);

create table keys (
    id              text primary key,
    name            text not null,
    digest          text not null unique, -- SHA-256 in hexadecimal; the key itself is nowhere
    hint            text not null,        -- its last four characters
    own_form        integer not null,     -- 1: made by tollgate, with a checksum
    role            text not null,
    user_id         text references users (id) on delete cascade,
    team_id         text references teams (id) on delete cascade,
    models          text not null,
    expires_at      integer,
    blocked         integer not null,
    end_users       integer not null,
    budget_fallback text not null,
    metadata        text not null,
    created_at      integer not null
) strict;
create index keys_by_user on keys (user_id);
create index keys_by_team on keys (team_id);

-- Budgets that were made through the API. Those of the configuration file stay there.
create table budgets (
    id           text primary key,
    name         text not null,
    scope        text not null,
    each         integer not null,
    owner        text not null,
    models       text not null,
    limit_nusd   integer check (limit_nusd >= 0),
    soft_nusd    integer check (soft_nusd >= 0),
    per          text not null,
    zone         text not null,
    rolls_from   integer,
    created_at   integer not null
) strict;

-- One row per budget, account and period, made on first use; never reset.
create table counters (
    budget_id    text not null,
    account_id   text not null,
    period_start integer not null,
    posted       integer not null default 0,
    held         integer not null default 0 check (held >= 0),
    primary key (budget_id, account_id, period_start)
) strict, without rowid;

-- Money set aside for calls that run. A row goes when its call ends.
create table holds (
    id      text primary key,
    held_at integer not null,
    amount  integer not null check (amount >= 0),
    hold    text not null -- the rest: claims, facts, what to post if the process dies
) strict, without rowid;

-- What was spent: one row per paid attempt (or one without a known price, then with
-- no cost), added once and never changed.
create table entries (
    id            text primary key, -- of the attempt
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
    cost          integer check (cost >= 0), -- null: the price is unknown
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
    claims        text not null  -- the counters that the cost was posted to
) strict, without rowid;
create index entries_at on entries (at);
create index entries_by_key on entries (key_id, at);
create index entries_by_user on entries (user_id, at);
create index entries_by_team on entries (team_id, at);

-- Calls that cost nothing: free ones, and those that were refused. No budget reads
-- this table.
create table calls (
    id         integer primary key,
    at         integer not null,
    request_id text not null,
    key_id     text not null,
    user_id    text not null,
    team_id    text not null,
    end_user   text not null,
    operation  text not null,
    model      text not null,
    deployment text not null,
    answered   text not null,
    stream     integer not null,
    price      text not null, -- free, or '' when no deployment was called
    input      integer not null,
    cached     integer not null,
    output     integer not null,
    reasoning  integer not null,
    source     text not null,
    worth      integer check (worth >= 0), -- what a free call would have cost elsewhere; null: unknown. No cost
    status     text not null,
    took_us    integer not null
) strict;
create index calls_at on calls (at);
create index calls_by_key on calls (key_id, at);
create index calls_by_user on calls (user_id, at);
create index calls_by_team on calls (team_id, at);

-- Entries are only ever added.
-- +goose StatementBegin
create trigger entries_no_update before update on entries begin
    select raise(abort, 'entries are never changed');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger entries_no_delete before delete on entries begin
    select raise(abort, 'entries are never deleted');
end;
-- +goose StatementEnd
