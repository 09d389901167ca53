-- What providers allow now, as all workers together know it. Small tables: their rows are numbered by workers and models, not by jobs.

-- The model that the job is to be asked of now: another one than the caller's after a fallback, the same while it is held back by that
-- model's limits. Null is the caller's own, so that accepting a job says nothing here.
ALTER TABLE job_run ADD COLUMN model text;

-- How many of the job's calls ended because nobody would wait any longer; the next gets more time.
ALTER TABLE job_run ADD COLUMN timeouts smallint NOT NULL DEFAULT 0 CHECK (timeouts >= 0);

ALTER TABLE job_note DROP CONSTRAINT job_note_kind_check;
ALTER TABLE job_note ADD CONSTRAINT job_note_kind_check CHECK (kind IN
    ('waiting', 'woken', 'cancel_requested', 'rescued', 'handed_back', 'fell_back', 'replayed', 'discarded', 'reissued'));

-- Jobs held back by what a provider allows, each model's the most urgent first, so that they can be fetched as soon as it allows more.
CREATE INDEX job_run_held ON job_run (model, lane, wake_at)
    WHERE wait_reason IN ('rate_limited', 'circuit_open', 'concurrency', 'provider_quota');

-- Each worker's part of each limit. The parts of a limit never add up to more than the limit: a worker enlarges its own only by what is
-- left of the others', under one lock, and makes it smaller only by what it has not in use.
CREATE TABLE permit_share (
    allowance  text        NOT NULL,             -- which limit: whose and of what
    worker_id  integer     NOT NULL,
    part       bigint      NOT NULL CHECK (part >= 0),
    wanted     bigint      NOT NULL CHECK (wanted >= 0),
    in_use     bigint      NOT NULL CHECK (in_use >= 0),
    lapses_at  timestamptz NOT NULL,             -- when the part of a worker that is gone is free again
    PRIMARY KEY (allowance, worker_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Whether a provider's model is called at all. One row, so that one trial call is made over all workers.
CREATE TABLE breaker (
    provider     text        NOT NULL,
    model        text        NOT NULL,           -- the provider's own name
    state        text        NOT NULL CHECK (state IN ('closed', 'open', 'half_open')),
    reason       text        NOT NULL,
    changed_at   timestamptz NOT NULL DEFAULT now(),
    open_until   timestamptz,                    -- when a trial call may be made
    openings     integer     NOT NULL DEFAULT 0 CHECK (openings >= 0),   -- in a row, without a good call between them
    trial_worker integer,                        -- who makes the trial call; nobody else may while its lease lives
    PRIMARY KEY (provider, model),
    CONSTRAINT a_trial_has_a_worker CHECK ((state = 'half_open') = (trial_worker IS NOT NULL)),
    CONSTRAINT open_has_an_end CHECK (state <> 'open' OR open_until IS NOT NULL)
) WITH (fillfactor = 50);

-- Times before which a provider's key must not be used for a model, because the provider said so.
CREATE TABLE provider_rest (
    provider   text        NOT NULL,
    key_number smallint    NOT NULL,             -- which of the provider's keys, from 0 in the order of the operator's file
    model      text        NOT NULL,
    until      timestamptz NOT NULL,
    reason     text        NOT NULL,
    PRIMARY KEY (provider, key_number, model)
) WITH (fillfactor = 50);

-- Providers that an operator has stopped by hand.
CREATE TABLE provider_pause (
    provider  text        PRIMARY KEY,
    paused_at timestamptz NOT NULL DEFAULT now(),
    paused_by text        NOT NULL
);

-- What each worker saw of each model in the last minute, for those who look.
CREATE TABLE provider_report (
    provider    text        NOT NULL,
    model       text        NOT NULL,            -- the provider's own name
    worker_id   integer     NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    in_flight   integer     NOT NULL CHECK (in_flight >= 0),
    calls       bigint      NOT NULL CHECK (calls >= 0),
    failures    bigint      NOT NULL CHECK (failures >= 0),
    slow        bigint      NOT NULL CHECK (slow >= 0),
    throttled   bigint      NOT NULL CHECK (throttled >= 0),
    latencies   integer[]   NOT NULL,            -- finished calls by how long they took, see LatencyBuckets
    PRIMARY KEY (provider, model, worker_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
