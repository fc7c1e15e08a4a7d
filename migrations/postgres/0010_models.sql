-- +goose Up

-- What the API added to the catalog. Secrets are sealed with a key that is not in these
-- tables; '' there are none. What is told of them are their names.
create table credentials (
    id         text primary key,
    secrets    text not null, -- JSON list of names
    sealed     text not null,
    attributes text not null,
    created_at bigint not null
);

create table deployments (
    id            text primary key,
    name          text not null, -- the public one
    declaration   text not null, -- JSON, in the words of the configuration file
    credential_id text references credentials (id),
    secrets       text not null,
    sealed        text not null,
    attributes    text not null,
    created_at    bigint not null
);
create index deployments_by_credential on deployments (credential_id) where credential_id is not null;

create table model_groups (
    id         text primary key, -- as lists of allowed models may hold it
    name       text not null,
    models     text not null, -- JSON list of public names
    attributes text not null,
    created_at bigint not null
);

create table fallbacks (
    id         text primary key,
    model      text not null, -- the public name that others take over from
    in_case    text not null, -- '' always, or context or refused
    models     text not null, -- JSON list of public names, in order
    created_at bigint not null,
    unique (model, in_case)
);
