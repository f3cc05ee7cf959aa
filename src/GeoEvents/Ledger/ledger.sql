-- The tables beside the log. Everything but answers and imports can be rebuilt from the events to the same bytes.

create schema if not exists geo;

-- The build of the service that brought the schema up to date.
create table if not exists geo.schema_version (
    one   boolean primary key check (one),
    build text    not null
);

-- Which positions of a workspace were recorded at which time: one row per commit and workspace, with the last of its positions. Those of a commit
-- follow one another, and so do the numbers (seq) that their events have in the store: position p of it is event seq - (position - p).
create table if not exists geo.recording (
    workspace   text        not null,
    position    bigint      not null,
    seq         bigint      not null,
    recorded_at timestamptz not null,
    primary key (workspace, position)
);
create index if not exists recording_by_seq on geo.recording (workspace, seq) include (position);
create index if not exists recording_by_time on geo.recording (workspace, recorded_at) include (position);
create index if not exists recording_last on geo.recording (recorded_at);

-- The hash chain over the log: one row per commit and workspace, written with it and never again. digests has 32 bytes for each of its facts in
-- order, hash is the chain's after the last of them. It has seq of its own, so that nothing is needed to check the log but this and the events.
create table if not exists geo.chain (
    workspace text   not null,
    position  bigint not null,
    seq       bigint not null,
    hash      bytea  not null,
    digests   bytea  not null,
    primary key (workspace, position)
);
alter table geo.chain alter column digests set storage external;

-- Answers to requests that carried an Idempotency-Key, kept for a day.
create table if not exists geo.idempotency (
    workspace   text        not null,
    key         text        not null,
    fingerprint text        not null,
    status      smallint    not null,
    location    text,
    etag        text,
    body        text        not null,
    recorded_at timestamptz not null,
    primary key (workspace, key)
);
create index if not exists idempotency_by_time on geo.idempotency (recorded_at);

-- Files waiting to be imported, in pieces.
create table if not exists geo.import_chunk (
    workspace  text        not null,
    import     uuid        not null,
    no         int         not null,
    data       bytea       not null,
    written_at timestamptz not null default now(),
    primary key (workspace, import, no)
);
alter table geo.import_chunk alter column data set storage external;

-- Rows of imports that were wrong: where, why, and the row itself.
create table if not exists geo.import_rejection (
    workspace text   not null,
    import    uuid   not null,
    line      bigint not null,
    field     text   not null,
    reason    text   not null,
    raw       bytea  not null
);
create index if not exists import_rejection_by_line on geo.import_rejection (workspace, import, line);

-- The files of feeds, known by their lists; taken_at is null until the content that is announced now was handed to an import.
create table if not exists geo.feed_file (
    workspace    text        not null,
    feed         text        not null,
    name         text        not null,
    size         bigint,
    md5          text,
    published_at timestamptz not null,
    failures     int         not null default 0,
    retry_at     timestamptz,
    given_up     boolean     not null default false,
    import       uuid,
    taken_at     timestamptz,
    primary key (workspace, feed, name)
);
create index if not exists feed_file_waiting on geo.feed_file (workspace, feed, published_at) where taken_at is null;
create index if not exists feed_file_taken on geo.feed_file (workspace, feed, taken_at) where taken_at is not null;

-- Which run loads which import of a workspace. A run that does not stand here records nothing more.
create table if not exists geo.import_turn (
    workspace text primary key,
    import    uuid not null,
    run       uuid not null
);

-- Incidents that a complete file gave so far, until it has been read to its end.
create table if not exists geo.import_seen (
    workspace text not null,
    import    uuid not null,
    incident  uuid not null,
    origin    text not null,
    primary key (workspace, import, incident)
);

-- Incidents that a complete file did not give any more.
create table if not exists geo.import_gone (
    workspace text not null,
    import    uuid not null,
    incident  text not null,
    primary key (workspace, import, incident)
);

-- Reads that somebody pinned, with the hash of what they answered.
create table if not exists geo.permalink (
    workspace  text        not null,
    id         text        not null,
    read       text        not null,
    hash       text        not null,
    "user"     text        not null,
    created_at timestamptz not null,
    primary key (workspace, id)
);

-- Who is to be told of facts. data is what was asked for. A fact at or before position is none of its business; position moves only while it is disabled.
-- due_at is when its next delivery is to be attempted; null if none waits. One node at a time delivers: the one that leased it, while that lives and the lease lasts.
create table if not exists geo.subscription (
    workspace    text        not null,
    id           text        not null,
    version      bigint      not null,
    data         text        not null,
    state        text        not null,
    reason       text,
    detail       text,
    since        timestamptz not null,
    position     bigint      not null,
    "user"       text        not null,
    created_at   timestamptz not null,
    due_at       timestamptz,
    leased_by    bigint,
    leased_until timestamptz,
    primary key (workspace, id)
);
create index if not exists subscription_due on geo.subscription (due_at) where due_at is not null and state = 'active';

-- What webhooks are signed with. valid_until is null for the one in use.
create table if not exists geo.subscription_secret (
    workspace    text        not null,
    subscription text        not null,
    secret       text        not null,
    made_at      timestamptz not null,
    valid_until  timestamptz,
    primary key (workspace, subscription, secret)
);

-- How far the log of a workspace was gone through for its subscriptions, and which types they name besides those of alerts. Whoever plans deliveries holds its row.
create table if not exists geo.delivery_cursor (
    workspace text   primary key,
    position  bigint not null,
    types     text[] not null
);

-- What goes to whom. number counts within the subscription, item is the number in the feed; message is the webhook-id or
-- the Message-ID; batch is that of the digest that it went into.
create table if not exists geo.delivery (
    workspace    text        not null,
    subscription text        not null,
    number       bigint      not null,
    item         bigint      not null,
    type         text        not null,
    alert        text,
    message      text        not null,
    batch        text,
    replay       boolean     not null,
    state        text        not null,
    tries        int         not null default 0,
    attempts     int         not null default 0,
    planned_at   timestamptz not null,
    settled_at   timestamptz,
    primary key (workspace, subscription, number)
);
create index if not exists delivery_waiting on geo.delivery (workspace, subscription, number) where state = 'waiting';
create index if not exists delivery_of_alert on geo.delivery (workspace, alert) where alert is not null;
create unique index if not exists delivery_once on geo.delivery (workspace, subscription, item) where not replay;

-- What came of each attempt. status is that of the answer, error why there was none, answer how it began.
create table if not exists geo.delivery_attempt (
    workspace    text        not null,
    subscription text        not null,
    delivery     bigint      not null,
    no           int         not null,
    at           timestamptz not null,
    took_ms      int         not null,
    status       int,
    error        text,
    answer       text,
    primary key (workspace, subscription, delivery, no)
);

-- Numbers of the runs of the service that deliver.
create sequence if not exists geo.delivery_node;

-- How far the alert engine has read the log of each workspace: a position, and the instant up to which time has been looked at. It moves in the transaction
-- that records what it decided, so that a restart neither loses nor repeats an alert.
create table if not exists geo.alert_cursor (
    workspace text        primary key,
    position  bigint      not null,
    at        timestamptz not null
);

-- Where the rules stand on each relationship, and when one has to be looked at next.
create table if not exists geo.alert_dyad (
    workspace text  not null,
    dyad      text  not null,
    state     jsonb not null,
    primary key (workspace, dyad)
);

-- Backtests that were asked for, their progress and results, kept for a week.
create table if not exists geo.backtest (
    id         uuid        primary key,
    workspace  text        not null,
    draft      jsonb       not null,
    state      text        not null,
    looked     bigint      not null default 0,
    total      bigint      not null default 0,
    reason     text,
    result     json,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
-- When a node began to run it. Nodes take turns among workspaces by it.
alter table geo.backtest add column if not exists started_at timestamptz;
create index if not exists backtest_by_time on geo.backtest (workspace, created_at);
create index if not exists backtest_under_way on geo.backtest (state) where state in ('queued', 'running');

-- What each fact made of its alert: a row holds for the log positions [position, until) of its workspace. fired is the position of the fact that opened the
-- alert, by which lists are sorted; one and other are the sides of the dyad. No index has "until", so that ending a row changes its page and nothing else.
create table if not exists geo.alert (
    workspace    text        not null,
    alert        uuid        not null,
    position     bigint      not null,
    until        bigint      not null,
    id           text        not null,
    rule         text        not null,
    dyad         text        not null,
    one          text        not null,
    other        text        not null,
    state        smallint    not null,
    severity     smallint    not null,
    fired        bigint      not null,
    fired_at     timestamptz not null,
    silenced     boolean     not null,
    acknowledged boolean     not null,
    assignee     text,
    primary key (workspace, alert, position)
) with (fillfactor = 90);
-- When the engine's last decision up to the row counts. A row of a database that had no such column counts always, until the ledger is made anew.
alter table geo.alert add column if not exists decided_at timestamptz not null default '-infinity';
create index if not exists alert_by_fired on geo.alert (workspace, fired);
create index if not exists alert_by_dyad on geo.alert (workspace, dyad, fired);
create index if not exists alert_by_rule on geo.alert (workspace, rule, fired);
