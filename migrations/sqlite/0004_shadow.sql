-- +goose Up

-- Calls that another gateway has answered, while tollgate ran beside it: what each of the
-- two did, or would have done. Nothing in it is money.
create table shadow_calls (
    id              integer primary key,
    at              integer not null,
    request_id      text not null,
    operation       text not null,
    model           text not null,
    key_id          text not null,
    key_mark        text not null, -- the beginning of the digest of the credential
    user_id         text not null,
    team_id         text not null,
    end_user        text not null,
    stream          integer not null,
    took_us         integer not null,
    decision        text not null, -- served, or why tollgate would have refused it
    why             text not null,
    budget_id       text not null,
    serves          text not null,
    deployment      text not null,
    price           text not null,
    need            integer not null, -- nano-dollars that must be free in each of budgets
    budgets         text not null, -- JSON
    otherwise       text not null, -- the free deployment that would have been called if the budgets could not pay
    input           integer not null,
    output          integer not null,
    source          text not null, -- who counted the tokens; '' is nobody
    cost            integer, -- what tollgate would have charged, in nano-dollars; null: unknown. It stands in no books
    their_status    integer not null, -- 0: no answer
    their_id        text not null,
    their_refusal   text not null, -- why they refused it, in tollgate's words
    their_type      text not null,
    their_cost      integer,
    their_key_spend integer,
    their_end       text not null
) strict;
create index shadow_calls_at on shadow_calls (at);
