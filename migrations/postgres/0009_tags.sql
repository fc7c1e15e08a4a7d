-- +goose Up

-- Marks of calls of which something is known. A call may carry others all the same.
create table tags (
    id          text primary key, -- as calls carry it
    description text not null,
    blocked     boolean not null,
    attributes  text not null,
    created_at  bigint not null
);

-- Tags of a call are a JSON list of texts; '' is none.
alter table teams add column tags text not null default '[]';
alter table keys
    add column tags text not null default '[]',
    add column call_tags boolean not null default false; -- calls may name more
alter table entries add column tags text not null default '';
alter table calls add column tags text not null default '';
