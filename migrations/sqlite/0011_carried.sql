-- +goose Up

-- Retention carries over what an entry had posted when it deletes it, and no longer before:
-- entries that an interrupted run has left were carried over already, and go.
delete from entries where exists (select 1 from chains c where c.writer = entries.writer and c.month = entries.month and c.removed_at is not null);
