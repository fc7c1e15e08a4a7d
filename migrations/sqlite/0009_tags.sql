-- +goose Up

-- Marks of calls of which something is known. A call may carry others all the same.
create table tags (
    id          text primary key, -- as calls carry it
    description text not null,
    blocked     integer not null,
    attributes  text not null,
    created_at  integer not null
) strict;

-- Tags of a call are a JSON list of texts; '' is none.
alter table teams add column tags text not null default '[]';
alter table keys add column tags text not null default '[]';
alter table keys add column call_tags integer not null default 0; -- calls may name more
alter table entries add column tags text not null default '';
alter table calls add column tags text not null default '';
