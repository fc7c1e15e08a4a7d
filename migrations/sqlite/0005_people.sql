-- +goose Up

-- Organizations have teams, keys and members.
create table orgs (
    id         text primary key,
    name       text not null,
    blocked    integer not null,
    models     text not null,
    attributes text not null,
    created_at integer not null
) strict;

create table org_members (
    org_id  text not null references orgs (id) on delete cascade,
    user_id text not null references users (id) on delete cascade,
    role    text not null, -- member or admin
    primary key (org_id, user_id)
) strict, without rowid;
create index org_members_by_user on org_members (user_id);

-- Attributes are a JSON object that is kept and told, and never looked into.
alter table users add column role text not null default 'member'; -- or viewer or admin
alter table users add column attributes text not null default '{}';
alter table teams add column org_id text references orgs (id);
alter table teams add column aliases text not null default '{}'; -- names for models
alter table teams add column attributes text not null default '{}';
create index teams_by_org on teams (org_id) where org_id is not null;
alter table members add column role text not null default 'member'; -- or admin
alter table keys add column org_id text references orgs (id);
alter table keys add column aliases text not null default '{}';
alter table keys add column attributes text not null default '{}';
alter table keys add column former_digest text;   -- the digest before a rotation
alter table keys add column former_until integer; -- how long it works
create index keys_by_org on keys (org_id) where org_id is not null;
create unique index keys_by_former on keys (former_digest) where former_digest is not null;

-- An increase of the limit, for a time.
alter table budgets add column extra_nusd integer check (extra_nusd > 0);
alter table budgets add column extra_until integer;

alter table calls add column org_id text not null default '';

-- An adjustment may take away.
create table entries_new (
    id            text not null primary key, -- of the attempt or the adjustment; of a correction, with +1 behind it
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
    cost          integer check (cost >= 0 or corrects is not null or operation = 'adjustment'), -- null: the price is unknown
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
    hash          text not null,
    org_id        text not null,
    reason        text not null, -- of an adjustment
    actor         text not null  -- who made it
) strict;

insert into entries_new select *, '', '', '' from entries order by rowid;

drop table entries; -- with its triggers and indexes
alter table entries_new rename to entries;
create index entries_at on entries (at);
create index entries_by_key on entries (key_id, at);
create index entries_by_user on entries (user_id, at) where user_id != '';
create index entries_by_team on entries (team_id, at) where team_id != '';
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
