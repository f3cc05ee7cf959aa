-- One row per revision of an incident and link. A revision holds for the workspace's log positions [position, until); seq is its fact in the store.
-- An incident's id is made of its workspace and name, so the key needs no workspace; beside it, a plan could take that of another index for it.
-- Whoever wants the row of a whole incident says link < 1 where no list is read: with link = 0, the index by time looks as good to a plan as a key.
-- No index has "until", and each page keeps some room, so that ending a revision changes the page of its row and nothing else.
-- retracted: it does not count, because it is retracted, merged into another incident, or split into others.
-- change: ChangeClass, 6 being merge and 7 split.
-- Words, places, issues, sources and parties stand on link 0 only, for search.
create table if not exists geo.{ledger} (
    workspace   text             not null,
    incident    uuid             not null,
    position    bigint           not null,
    seq         bigint           not null,
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
    counted     int,
    deaths      bigint           not null,
    harmed      bigint           not null,
    deliberate  boolean          not null,
    opens       boolean          not null,
    closes      uuid,
    retracted   boolean          not null,
    merged_into uuid,
    change      smallint         not null,
    responds_to uuid,
    reported_at timestamptz,
    issues      text[],
    sources     text[],
    parties     text[],
    country     text,
    latitude    real,
    longitude   real,
    words       text[]
) with (fillfactor = 94);
create unique index if not exists {ledger}_key on geo.{ledger} (incident, position, link);
create index if not exists {ledger}_by_position on geo.{ledger} (workspace, position);
create index if not exists {ledger}_by_dyad on geo.{ledger} (workspace, dyad, tau);
create index if not exists {ledger}_vague on geo.{ledger} (workspace, dyad, tau) where latest - earliest > interval '2 days';
create index if not exists {ledger}_by_time on geo.{ledger} (workspace, tau) where link = 0;
create index if not exists {ledger}_closers on geo.{ledger} (workspace, closes) where closes is not null;
create index if not exists {ledger}_merged on geo.{ledger} (workspace, merged_into) where merged_into is not null;
create index if not exists {ledger}_joined on geo.{ledger} (workspace, position) where change in (6, 7);
create index if not exists {ledger}_words on geo.{ledger} using gin (words) with (gin_pending_list_limit = 16384) where words is not null;
create index if not exists {ledger}_parties on geo.{ledger} using gin (parties) with (gin_pending_list_limit = 16384) where parties is not null;
create index if not exists {ledger}_issues on geo.{ledger} using gin (issues) where issues is not null;
