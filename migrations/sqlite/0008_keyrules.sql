-- +goose Up

-- The routes that a key is kept to, a JSON list; empty: every route.
alter table keys add column routes text not null default '[]';
