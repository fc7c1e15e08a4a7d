-- +goose Up

-- Times are microseconds since 1970 in UTC, money is in nano-dollars (10^-9 USD),
-- lists and maps are JSON.

create table users (
    id         text primary key,
    name       text not null,
    email      text not null,
    blocked    boolean not null,
    models     text not null,
    created_at bigint not null
);

create table teams (
    id         text primary key,
    name       text not null,
    blocked    boolean not null,
    models     text not null,
    created_at bigint not null
);

create table members (
    team_id text not null references teams (id) on delete cascade,
    user_id text not null references users (id) on delete cascade,
    primary key (team_id, user_id)
);
create index members_by_user on members (user_id);

create table keys (
    id              text primary key,
    name            text not null,
    digest          text not null unique, -- SHA-256 in hexadecimal; the key itself is nowhere
    hint            text not null,        -- its last four characters
    own_form        boolean not null,     -- 1: made by tollgate, with a checksum
    role            text not null,
    user_id         text references users (id) on delete cascade,
    team_id         text references teams (id) on delete cascade,
    models          text not null,
    expires_at      bigint,
    blocked         boolean not null,
    end_users       boolean not null,
    budget_fallback text not null,
    metadata        text not null,
    created_at      bigint not null
);
create index keys_by_user on keys (user_id);
create index keys_by_team on keys (team_id);

-- Budgets that were made through the API. Those of the configuration file stay there.
create table budgets (
    id           text primary key,
    name         text not null,
    scope        text not null,
    each         boolean not null,
    owner        text not null,
    models       text not null,
    limit_nusd   bigint check (limit_nusd >= 0),
    soft_nusd    bigint check (soft_nusd >= 0),
    per          text not null,
    zone         text not null,
    rolls_from   bigint,
    created_at   bigint not null
);

-- One row per budget, account and period, made on first use; never reset.
create table counters (
    budget_id    text not null,
    account_id   text not null,
    period_start bigint not null,
    posted       bigint not null default 0,
    held         bigint not null default 0 check (held >= 0),
    primary key (budget_id, account_id, period_start)
);

-- Money set aside for calls that run. A row goes when its call ends.
create table holds (
    id      text primary key,
    held_at bigint not null,
    amount  bigint not null check (amount >= 0),
    hold    text not null -- the rest: claims, facts, what to post if the process dies
);

-- What was spent: one row per paid attempt (or one without a known price, then with
-- no cost), added once and never changed.
create table entries (
    id            text primary key, -- of the attempt
    at            bigint not null,
    held_at       bigint not null,
    request_id    text not null,
    key_id        text not null,
    user_id       text not null,
    team_id       text not null,
    end_user      text not null,
    operation     text not null,
    model         text not null, -- the public name
    deployment    text not null, -- provider/model that was called
    answered      text not null, -- the model that the answer named
    stream        boolean not null,
    cost          bigint check (cost >= 0), -- null: the price is unknown
    held          bigint not null,
    input         bigint not null, -- tokens in, all kinds
    cached        bigint not null, -- of these, read from the upstream's cache
    output        bigint not null, -- tokens out, all kinds
    reasoning     bigint not null, -- of these, reasoning
    usage         text not null, -- every meter's count
    lines         text not null, -- every meter's count and the rate it was billed at
    price_version text not null,
    tier          text not null,
    source        text not null, -- who counted: reported, counted, estimated, uncertain
    status        text not null, -- ok, or why it ended
    flags         text not null,
    took_us       bigint not null,
    claims        text not null  -- the counters that the cost was posted to
);
create index entries_at on entries (at);
create index entries_by_key on entries (key_id, at);
create index entries_by_user on entries (user_id, at);
create index entries_by_team on entries (team_id, at);

-- Calls that cost nothing: free ones, and those that were refused. No budget reads
-- this table.
create table calls (
    id         bigint generated always as identity primary key,
    at         bigint not null,
    request_id text not null,
    key_id     text not null,
    user_id    text not null,
    team_id    text not null,
    end_user   text not null,
    operation  text not null,
    model      text not null,
    deployment text not null,
    answered   text not null,
    stream     boolean not null,
    price      text not null, -- free, or '' when no deployment was called
    input      bigint not null,
    cached     bigint not null,
    output     bigint not null,
    reasoning  bigint not null,
    source     text not null,
    worth      bigint check (worth >= 0), -- what a free call would have cost elsewhere; null: unknown. No cost
    status     text not null,
    took_us    bigint not null
);
create index calls_at on calls (at);
create index calls_by_key on calls (key_id, at);
create index calls_by_user on calls (user_id, at);
create index calls_by_team on calls (team_id, at);

-- Entries are only ever added.
-- +goose StatementBegin
create function entries_stay() returns trigger language plpgsql as $$
begin
    raise exception 'entries are never changed or deleted';
end $$;
-- +goose StatementEnd
create trigger entries_no_change before update or delete on entries for each row execute function entries_stay();
