-- The tables beside the log. Everything but the last three tables can be rebuilt from the events to the same bytes.

create schema if not exists geo;

-- The build of the service that brought the schema up to date.
create table if not exists geo.schema_version (
    one   boolean primary key check (one),
    build text    not null
);

-- Which positions of a workspace were recorded at which time, first and last: one row per commit and workspace.
create table if not exists geo.recording (
    position    bigint      primary key,
    first       bigint      not null,
    workspace   text        not null,
    recorded_at timestamptz not null
);
create index if not exists recording_by_position on geo.recording (workspace, position);
create index if not exists recording_by_time on geo.recording (workspace, recorded_at) include (position);

-- One row per revision of an incident and link. A revision holds for log positions [position, until).
-- Words, places, issues, sources and parties stand on link 0 only, for search.
create table if not exists geo.ledger (
    workspace   text             not null,
    incident    uuid             not null,
    position    bigint           not null,
    link        smallint         not null,
    until       bigint           not null default 9223372036854775807,
    dyad        text             not null,
    forward     boolean          not null,
    attribution double precision not null,
    tau         timestamptz      not null,
    earliest    timestamptz      not null,
    latest      timestamptz      not null,
    type        text,
    cameo       text,
    credibility double precision,
    deaths      bigint           not null,
    harmed      bigint           not null,
    deliberate  boolean          not null,
    opens       boolean          not null,
    closes      uuid,
    retracted   boolean          not null,
    change      smallint         not null,
    issues      text[],
    sources     text[],
    parties     text[],
    country     text,
    latitude    real,
    longitude   real,
    words       text[],
    primary key (workspace, incident, position, link)
);
create index if not exists ledger_by_dyad on geo.ledger (workspace, dyad, tau);
create index if not exists ledger_by_time on geo.ledger (workspace, tau, incident) where link = 0;
create index if not exists ledger_closers on geo.ledger (workspace, closes) where closes is not null;
create index if not exists ledger_words on geo.ledger using gin (words) where words is not null;
create index if not exists ledger_parties on geo.ledger using gin (parties) where parties is not null;
create index if not exists ledger_issues on geo.ledger using gin (issues) where issues is not null;

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
