-- +goose Up

-- Organizations have teams, keys and members.
create table orgs (
    id         text primary key,
    name       text not null,
    blocked    boolean not null,
    models     text not null,
    attributes text not null,
    created_at bigint not null
);

create table org_members (
    org_id  text not null references orgs (id) on delete cascade,
    user_id text not null references users (id) on delete cascade,
    role    text not null, -- member or admin
    primary key (org_id, user_id)
);
create index org_members_by_user on org_members (user_id);

-- Attributes are a JSON object that is kept and told, and never looked into.
alter table users
    add column role text not null default 'member', -- or viewer or admin
    add column attributes text not null default '{}';
alter table teams
    add column org_id text references orgs (id),
    add column aliases text not null default '{}', -- names for models
    add column attributes text not null default '{}';
create index teams_by_org on teams (org_id) where org_id is not null;
alter table members add column role text not null default 'member'; -- or admin
alter table keys
    add column org_id text references orgs (id),
    add column aliases text not null default '{}',
    add column attributes text not null default '{}',
    add column former_digest text,  -- the digest before a rotation
    add column former_until bigint; -- how long it works
create index keys_by_org on keys (org_id) where org_id is not null;
create unique index keys_by_former on keys (former_digest) where former_digest is not null;

-- An increase of the limit, for a time.
alter table budgets
    add column extra_nusd bigint check (extra_nusd > 0),
    add column extra_until bigint;

alter table calls add column org_id text not null default '';

-- An adjustment may take away.
alter table entries
    drop constraint entries_cost_check,
    add column org_id text not null default '',
    add column reason text not null default '', -- of an adjustment
    add column actor  text not null default '', -- who made it
    add constraint entries_cost_check check (cost >= 0 or corrects is not null or operation = 'adjustment');
