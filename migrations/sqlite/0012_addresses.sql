-- +goose Up

-- Where the secrets of a credential may be sent: a JSON list of scheme, host and port.
-- Empty: where the deployments go that use it, which is written at their next change.
alter table credentials add column urls text not null default '[]';
