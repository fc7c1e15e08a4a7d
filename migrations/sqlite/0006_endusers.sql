-- +goose Up

-- The people whom calls are made for, of whom something is known. Others may be named
-- all the same.
create table end_users (
    id         text primary key, -- as calls name them
    name       text not null,
    blocked    integer not null,
    attributes text not null,
    created_at integer not null
) strict;
