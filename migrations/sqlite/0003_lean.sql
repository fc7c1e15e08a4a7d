-- +goose Up

-- Entries lie in the order in which they were written, and their ids have an index of
-- their own. Keyed by id their rows stood in the inner pages of the tree as well, of
-- which each has room for five, so that a book of a million entries was nine pages deep.
create table entries_new (
    id            text not null primary key, -- of the attempt; of a correction, with +1 behind it
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
) strict;

insert into entries_new select * from entries order by id; -- as they lie: nothing is sorted

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

-- What belongs to nobody need not be found by whom it belongs to.
drop index calls_by_user;
drop index calls_by_team;
create index calls_by_user on calls (user_id, at) where user_id != '';
create index calls_by_team on calls (team_id, at) where team_id != '';

-- Holds likewise. They are few, and none is looked for by its owner: an index would cost
-- each of them two changes more.
create table holds_new (
    id       text not null primary key,
    held_at  integer not null,
    amount   integer not null check (amount >= 0),
    hold     text not null, -- the rest: claims, facts, what to post if the process dies
    owner    text not null default '', -- the replica that takes care of it
    progress text not null default ''  -- how far the answer had got, as JSON; '' is not known
) strict;
insert into holds_new select id, held_at, amount, hold, owner, progress from holds order by id;
drop table holds;
alter table holds_new rename to holds;
