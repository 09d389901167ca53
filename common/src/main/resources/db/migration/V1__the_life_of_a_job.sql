-- The tables that tell a job's story, and those beside them. PostgreSQL is the truth: Kafka only carries hints about rows in job_run.
--
-- Three habits shape all of it:
--   * what was asked (job), what is going on (job_run) and what came of it (job_outcome) are separate rows, so that the row which
--     changes stays narrow and short-lived, and the two that do not change are written once;
--   * everything that grows with history is range-partitioned by the time-ordered job id, so that retention drops whole partitions;
--   * columns that a claim changes (status, epoch, attempt, worker_id, claimed_at, started_at) appear in no index and in no index
--     predicate of job_run, so that a claim is a heap-only update and writes no index entry at all.

CREATE TYPE lane AS ENUM ('interactive', 'standard', 'batch');

CREATE TYPE job_status AS ENUM ('waiting', 'queued', 'processing', 'awaiting_review', 'complete', 'failed', 'cancelled');

CREATE TYPE wait_reason AS ENUM ('scheduled', 'backoff', 'rate_limited', 'circuit_open', 'concurrency', 'budget', 'provider_quota', 'children', 'review');

CREATE TYPE attempt_outcome AS ENUM ('answered', 'refused', 'throttled', 'broken', 'unknown', 'interrupted');

CREATE TABLE tenant (
    tenant_id  integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text        NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Keys are random and long, so one round of SHA-256 is enough; the key itself is shown once and stored nowhere.
CREATE TABLE api_key (
    key_id     uuid        PRIMARY KEY,
    tenant_id  integer     NOT NULL REFERENCES tenant,
    name       text        NOT NULL,
    hash       bytea       NOT NULL UNIQUE CHECK (octet_length(hash) = 32),
    hint       text        NOT NULL,             -- the last four characters, so that people can tell keys apart
    scopes     text[]      NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz
);

CREATE INDEX api_key_tenant ON api_key (tenant_id);

-- What was asked. Written once, never updated. The primary key begins with the tenant because every reader either knows it or wants
-- that tenant's jobs, newest first; one index serves both.
CREATE TABLE job (
    tenant_id         integer     NOT NULL,
    job_id            uuid        NOT NULL,
    lane              lane        NOT NULL,
    operation_version integer     NOT NULL,
    max_attempts      smallint    NOT NULL CHECK (max_attempts > 0),
    priority          smallint    NOT NULL CHECK (priority BETWEEN -100 AND 100),
    deadline          interval    NOT NULL,      -- of one whole life; a replay starts another
    run_at            timestamptz,
    trace_id          uuid,
    fail_on_unknown   boolean     NOT NULL,      -- a call that may have been done and billed must not be made again
    operation         text        NOT NULL,
    model             text        NOT NULL,
    input             text        NOT NULL,      -- JSON kept as the text that came in: fields that we do not know survive
    options           text,                      -- JSON; null when the caller asked for nothing out of the ordinary
    labels            jsonb,
    PRIMARY KEY (tenant_id, job_id)
) PARTITION BY RANGE (job_id);

CREATE INDEX job_labels ON job USING gin (labels jsonb_path_ops) WHERE labels IS NOT NULL;

-- What is going on: one narrow row for each job that is not over, deleted when the job ends. A queued row without dispatched_at is the
-- backlog: the table is its own outbox. One claim takes hundreds of rows that lie side by side, so every page keeps room for a second
-- version of each of its rows: at 70 % full only four claims in ten stayed on their page, at 45 % all did.
CREATE TABLE job_run (
    job_id           uuid        PRIMARY KEY,
    deadline_at      timestamptz NOT NULL,
    wake_at          timestamptz NOT NULL,       -- when a chore must look next: the end of the wait or the deadline, whichever is sooner
    rank             timestamptz NOT NULL,       -- place inside the tenant's backlog: time of queueing less the priority's head start
    dispatched_at    timestamptz,                -- when its ticket was put on the lane; null while it is not on the road
    claimed_at       timestamptz,
    started_at       timestamptz,                -- the first claim
    spent_nanos      bigint      NOT NULL DEFAULT 0 CHECK (spent_nanos >= 0),
    tenant_id        integer     NOT NULL,
    epoch            integer     NOT NULL DEFAULT 0 CHECK (epoch >= 0),
    worker_id        integer,
    lane             lane        NOT NULL,
    status           job_status  NOT NULL,
    wait_reason      wait_reason,
    attempt          smallint    NOT NULL DEFAULT 0,   -- how many attempts have been charged, the running one included
    max_attempts     smallint    NOT NULL,
    priority         smallint    NOT NULL,
    cancel_requested boolean     NOT NULL DEFAULT false,
    fail_on_unknown  boolean     NOT NULL,
    progress         real        CHECK (progress BETWEEN 0 AND 1),
    progress_message text,
    wait_detail      text,
    CONSTRAINT only_open_states CHECK (status IN ('waiting', 'queued', 'processing', 'awaiting_review')),
    CONSTRAINT a_wait_has_a_reason CHECK ((status IN ('waiting', 'awaiting_review')) = (wait_reason IS NOT NULL)),
    CONSTRAINT a_claim_has_a_worker CHECK ((status = 'processing') = (worker_id IS NOT NULL)),
    CONSTRAINT a_claim_came_by_ticket CHECK (status <> 'processing' OR (dispatched_at IS NOT NULL AND epoch > 0 AND claimed_at IS NOT NULL)),
    CONSTRAINT a_wait_is_off_the_road CHECK (wait_reason IS NULL OR dispatched_at IS NULL),
    CONSTRAINT attempts_are_bounded CHECK (attempt BETWEEN 0 AND max_attempts)
) WITH (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 20000,
        autovacuum_analyze_scale_factor = 0.2, autovacuum_analyze_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

-- The alarm clock: waits that are over and deadlines that have passed, for whichever chore looks first.
CREATE INDEX job_run_wake ON job_run (wake_at);
-- The backlog: tenants in turn, each tenant's jobs by rank.
CREATE INDEX job_run_backlog ON job_run (lane, tenant_id, rank, job_id) WHERE dispatched_at IS NULL AND wait_reason IS NULL;
-- What is on the road or in a worker's hands: few rows, whatever the backlog. Lost tickets and dead workers' jobs are found here.
CREATE INDEX job_run_road ON job_run (dispatched_at) WHERE dispatched_at IS NOT NULL;
-- Running jobs that somebody wants stopped: nearly always empty.
CREATE INDEX job_run_cancel ON job_run (job_id) WHERE cancel_requested;

-- What came of it. Written once, by the transaction that deletes the job_run row. A failed job that was neither replayed nor discarded
-- is a dead letter; replay takes the row away again and keeps its story in job_note.
CREATE TABLE job_outcome (
    job_id              uuid        NOT NULL,
    finished_at         timestamptz NOT NULL,
    deadline_at         timestamptz NOT NULL,
    started_at          timestamptz,
    claimed_at          timestamptz,
    discarded_at        timestamptz,
    cost_nanos          bigint      NOT NULL,
    tenant_id           integer     NOT NULL,
    epoch               integer     NOT NULL,
    lane                lane        NOT NULL,
    status              job_status  NOT NULL,
    attempt             smallint    NOT NULL,
    input_tokens        integer     NOT NULL DEFAULT 0,
    cached_input_tokens integer     NOT NULL DEFAULT 0,
    output_tokens       integer     NOT NULL DEFAULT 0,
    latency_ms          integer,
    provider_status     smallint,
    provider            text,
    model               text,
    model_version       text,
    error_code          text,
    error_message       text,
    result              text,                    -- JSON
    PRIMARY KEY (job_id),
    CONSTRAINT only_ends CHECK (status IN ('complete', 'failed', 'cancelled')),
    CONSTRAINT a_failure_has_a_code CHECK ((status = 'failed') = (error_code IS NOT NULL)),
    CONSTRAINT a_result_means_complete CHECK ((status = 'complete') = (result IS NOT NULL)),
    CONSTRAINT only_failures_are_discarded CHECK (discarded_at IS NULL OR status = 'failed')
) PARTITION BY RANGE (job_id);

-- Rare endings, newest first: dead letters and lists by status. The common ending pays nothing for it.
CREATE INDEX job_outcome_rare ON job_outcome (tenant_id, status, job_id) WHERE status <> 'complete';

-- One provider call each, written when it is over; while it runs, the claimed job_run row is its record (decision 0003). The primary
-- key is what makes booking twice impossible: this is the ledger too.
CREATE TABLE attempt (
    job_id              uuid            NOT NULL,
    epoch               integer         NOT NULL CHECK (epoch > 0),
    tenant_id           integer         NOT NULL,
    worker_id           integer         NOT NULL,
    started_at          timestamptz     NOT NULL,
    ended_at            timestamptz     NOT NULL,
    cost_nanos          bigint          NOT NULL CHECK (cost_nanos >= 0),
    held_nanos          bigint          NOT NULL CHECK (held_nanos >= 0),   -- what a call of unknown outcome may have cost at most
    input_tokens        integer         NOT NULL CHECK (input_tokens >= 0),
    cached_input_tokens integer         NOT NULL CHECK (cached_input_tokens >= 0),
    output_tokens       integer         NOT NULL CHECK (output_tokens >= 0),
    outcome             attempt_outcome NOT NULL,
    attempt             smallint        NOT NULL,
    charged             boolean         NOT NULL,
    http_status         smallint,
    first_byte_ms       integer,
    provider            text,
    model               text            NOT NULL,
    error_code          text,
    error_message       text,
    provider_request_id text,
    PRIMARY KEY (job_id, epoch)
) PARTITION BY RANGE (job_id);

-- What the other tables cannot tell about a job: waits, wakings, cancels, rescues, hand-backs, replays.
CREATE TABLE job_note (
    job_id  uuid        NOT NULL,
    at      timestamptz NOT NULL,
    note_id bigint      GENERATED ALWAYS AS IDENTITY,
    kind    text        NOT NULL CHECK (kind IN ('waiting', 'woken', 'cancel_requested', 'rescued', 'handed_back', 'replayed', 'discarded', 'reissued')),
    who     text        NOT NULL,
    detail  jsonb,
    PRIMARY KEY (job_id, note_id)
) PARTITION BY RANGE (job_id);

-- Only jobs that came with a key (or fall into the dedupe window) have a row here.
CREATE TABLE idempotency_key (
    tenant_id   integer     NOT NULL,
    key         text        NOT NULL,
    job_id      uuid        NOT NULL,
    fingerprint bytea       NOT NULL CHECK (octet_length(fingerprint) = 32),
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, key)
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);

-- Spend and tokens, added up in the settling transaction. The shard keeps two settling transactions from queueing for one row;
-- readers add the shards up.
CREATE TABLE usage_total (
    day                 date     NOT NULL,
    tenant_id           integer  NOT NULL,
    shard               smallint NOT NULL,
    model               text     NOT NULL,
    attempts            bigint   NOT NULL,
    completed           bigint   NOT NULL,
    input_tokens        bigint   NOT NULL,
    cached_input_tokens bigint   NOT NULL,
    output_tokens       bigint   NOT NULL,
    cost_nanos          bigint   NOT NULL,
    PRIMARY KEY (tenant_id, day, model, shard)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0);

-- One row a worker process. Its lease covers every job that it has claimed; nothing is renewed job by job.
CREATE TABLE worker (
    worker_id   integer     GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        text        NOT NULL,
    slots       integer     NOT NULL CHECK (slots > 0),
    started_at  timestamptz NOT NULL DEFAULT now(),
    beat_at     timestamptz NOT NULL DEFAULT now(),
    lease_until timestamptz NOT NULL,
    draining    boolean     NOT NULL DEFAULT false
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Who runs a chore that one process at a time should run. A chore is harmless when two run it; the lease only saves work.
CREATE TABLE chore (
    name        text        PRIMARY KEY,
    holder      text        NOT NULL,
    lease_until timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
