-- +goose Up

-- What says of a database what no table does.
create table meta (
    name  text primary key,
    value text not null
);
insert into meta (name, value) values ('epoch', '1'); -- one more at each restore

-- The processes that write: each renews its lease, and what one held that let its
-- lease go is settled by another.
create table replicas (
    id         text primary key,
    started_at bigint not null,
    lease_ends bigint not null
);

alter table holds add column owner text not null default '';    -- the replica that takes care of it
alter table holds add column progress text not null default ''; -- how far the answer had got, as JSON; '' is not known
create index holds_by_owner on holds (owner);

-- Calls that carried an Idempotency-Key, for a day.
create table idempotency (
    key_id     text not null,
    token      text not null, -- SHA-256 of the header's value, in hexadecimal
    body       text not null, -- SHA-256 of the body
    request_id text not null,
    hold_id    text not null, -- '' when the call has ended
    at         bigint not null,
    primary key (key_id, token)
);
create index idempotency_by_at on idempotency (at);
create index idempotency_by_hold on idempotency (hold_id) where hold_id != '';

-- Rate limits that were made through the API.
create table limits (
    id         text primary key,
    name       text not null,
    scope      text not null,
    each       boolean not null,
    owner      text not null,
    models     text not null,
    requests   bigint check (requests >= 0),
    tokens     bigint check (tokens >= 0),
    concurrent bigint check (concurrent >= 0),
    created_at bigint not null
);

-- What was changed of people, keys, budgets and limits, for the other replicas. Rows
-- are kept for a day.
create table changes (
    seq  bigint generated always as identity primary key,
    kind text not null, -- user, team, key, budget or limit
    id   text not null,
    at   bigint not null
);

-- The entries of one replica and one month (UTC) are a chain: each is hashed with the
-- hash before it. The row says where the chain ends, and stays when its entries go.
create table chains (
    writer     text not null,
    month      bigint not null, -- year * 100 + month
    entries    bigint not null,
    head       text not null, -- SHA-256 in hexadecimal; '' before the first entry
    cost       bigint not null,
    removed_at bigint, -- when retention took the entries; null: they are here
    primary key (writer, month)
);

-- What removed entries had posted to counters.
create table carried (
    budget_id    text not null,
    account_id   text not null,
    period_start bigint not null,
    month        bigint not null,
    posted       bigint not null,
    primary key (budget_id, account_id, period_start, month)
);

alter table entries
    drop constraint entries_cost_check,
    add column corrects text, -- the entry that this one corrects; null: none
    add column writer text not null default '', -- the replica that wrote it
    add column month  bigint not null default 0,
    add column seq    bigint not null default 0, -- its place in the chain; 0: written before there were chains
    add column hash   text not null default '',
    add constraint entries_cost_check check (cost >= 0 or corrects is not null);
alter table entries disable trigger entries_no_change;
update entries set month = to_char(to_timestamp(at / 1000000) at time zone 'UTC', 'YYYYMM')::bigint;
drop trigger entries_no_change on entries;
insert into chains (writer, month, entries, head, cost)
select writer, month, count(*), '', coalesce(sum(cost), 0) from entries group by writer, month;
create index entries_by_request on entries (request_id);
create index entries_by_chain on entries (writer, month, seq);

-- Entries are only ever added. They go by whole chains, after the chain's row says so.
-- +goose StatementBegin
create or replace function entries_stay() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and exists (select 1 from chains c where c.writer = old.writer and c.month = old.month and c.removed_at is not null) then
        return old;
    end if;
    raise exception 'entries are never changed, and deleted only by whole months, after the row of their chain says so';
end $$;
-- +goose StatementEnd
create trigger entries_no_change before update or delete on entries for each row execute function entries_stay();

-- Where rate limits stand, for all replicas. A crash of the server empties these
-- tables, and every bucket is full: at most one more burst, so no log is written.
create unlogged table rate_buckets (
    bucket text collate "C" primary key,
    at     bigint not null, -- when the level was true
    level  bigint not null, -- microseconds until the bucket is full
    part   bigint not null  -- and Nths of a microsecond, where N is the limit
) with (fillfactor = 50);

create unlogged table rate_slots (
    bucket     text collate "C" not null,
    slot       text collate "C" not null,
    lease_ends bigint not null,
    primary key (bucket, slot)
);
create index rate_slots_by_end on rate_slots (lease_ends);

-- Locks buckets in the order in which they come, makes those that are not there, and
-- returns when, and where each stands: time, then level and part of each.
-- +goose StatementBegin
create function rate_lock(names text[], caps bigint[]) returns bigint[] language plpgsql as $$
declare
    ats bigint[]; levels bigint[]; parts bigint[]; now bigint; state bigint[];
    a bigint; l bigint; p bigint;
begin
    for i in 1 .. cardinality(names) loop
        loop
            select b.at, b.level, b.part into a, l, p from rate_buckets b where b.bucket = names[i] for update;
            exit when found;
            insert into rate_buckets values (names[i], 0, 0, 0) on conflict do nothing;
        end loop;
        ats[i] := a; levels[i] := l; parts[i] := p;
    end loop;
    now := (extract(epoch from clock_timestamp()) * 1000000)::bigint; -- not before: no bucket may go back in time
    state[1] := now;
    for i in 1 .. cardinality(names) loop
        l := levels[i]; p := parts[i];
        if p >= caps[i] then l := l + 1; p := 0; end if; -- of a limit that was larger
        if now < ats[i] then
            update rate_buckets b set at = now where b.bucket = names[i]; -- the clock was set back: no time has passed, and it goes on from here
        else
            l := l - (now - ats[i]);
        end if;
        if l < 0 then l := 0; p := 0; end if;
        state[2 * i] := l; state[2 * i + 1] := p;
    end loop;
    return state;
end $$;
-- +goose StatementEnd

-- Writes a bucket that is locked, with a cost added.
-- +goose StatementBegin
create function rate_write(name text, cap bigint, now bigint, l bigint, p bigint, deepest bigint) returns bigint[] language plpgsql as $$
begin
    if p >= cap then l := l + 1; p := p - cap; end if;
    if p < 0 then l := l - 1; p := p + cap; end if;
    if l < 0 then l := 0; p := 0; end if;
    if l >= deepest then l := deepest; p := 0; end if;
    update rate_buckets b set at = now, level = l, part = p where b.bucket = name;
    return array[l, p];
end $$;
-- +goose StatementEnd

-- Takes of every bucket or of none. A cost below 0 asks for a slot. Returns 1 or 0, and
-- level and part of each as it stood before; for slots how many were in use.
-- +goose StatementBegin
create function rate_take(names text[], caps bigint[], costs bigint[], rests bigint[], mine text, lease bigint, empty bigint, deepest bigint) returns bigint[] language plpgsql as $$
declare
    state bigint[] := rate_lock(names, caps);
    now bigint := state[1]; fits bigint := 1; l bigint; p bigint;
begin
    for i in 1 .. cardinality(names) loop
        if costs[i] < 0 then
            select count(*) into l from rate_slots s where s.bucket = names[i] and s.lease_ends > now;
            state[2 * i] := l;
            if l >= caps[i] then fits := 0; end if;
        else
            l := state[2 * i] + costs[i]; p := state[2 * i + 1] + rests[i];
            if p >= caps[i] then l := l + 1; p := p - caps[i]; end if;
            if l > empty or (l = empty and p > 0) then fits := 0; end if;
        end if;
    end loop;
    state[1] := fits;
    if fits = 0 then return state; end if;
    for i in 1 .. cardinality(names) loop
        if costs[i] < 0 then
            insert into rate_slots values (names[i], mine, now + lease) on conflict (bucket, slot) do update set lease_ends = excluded.lease_ends;
        else
            perform rate_write(names[i], caps[i], now, state[2 * i] + costs[i], state[2 * i + 1] + rests[i], deepest);
        end if;
    end loop;
    return state;
end $$;
-- +goose StatementEnd

-- Changes buckets whatever their limits allow; costs and rests have a sign. Returns
-- level and part of each. Slots are given back by themselves.
-- +goose StatementBegin
create function rate_put(names text[], caps bigint[], costs bigint[], rests bigint[], deepest bigint) returns bigint[] language plpgsql as $$
declare
    state bigint[] := rate_lock(names, caps);
    after bigint[]; v bigint[];
begin
    for i in 1 .. cardinality(names) loop
        v := rate_write(names[i], caps[i], state[1], state[2 * i] + costs[i], state[2 * i + 1] + rests[i], deepest);
        after := after || v;
    end loop;
    return after;
end $$;
-- +goose StatementEnd
