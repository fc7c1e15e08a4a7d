-- +goose Up

-- What belongs to nobody need not be found by whom it belongs to.
drop index entries_by_user;
drop index entries_by_team;
create index entries_by_user on entries (user_id, at) where user_id != '';
create index entries_by_team on entries (team_id, at) where team_id != '';
drop index calls_by_user;
drop index calls_by_team;
create index calls_by_user on calls (user_id, at) where user_id != '';
create index calls_by_team on calls (team_id, at) where team_id != '';

-- Open holds are few, and each makes and loses a row in every index.
drop index holds_by_owner;
