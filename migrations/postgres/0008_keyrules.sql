-- +goose Up

-- The routes that a key is kept to, a JSON list; empty: every route.
alter table keys add column routes text not null default '[]';

-- What several accounts have agreed on under one name. Its terms are its attributes.
create table plans (
    id         text primary key,
    name       text not null,
    attributes text not null,
    created_at bigint not null
);
