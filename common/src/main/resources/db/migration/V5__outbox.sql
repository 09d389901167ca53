-- What has happened to jobs and has not been told yet: the transactional outbox of the event topic. Every statement that changes the status
-- of jobs posts its changes here in its own transaction, so that nothing which happened can go untold, whoever dies. One row holds all the
-- changes of one statement: what telling costs is counted in groups, as everything on the hot path is.
CREATE TABLE outbox (
    outbox_id  bigint       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at         timestamptz  NOT NULL DEFAULT clock_timestamp(),
    -- As many elements in each, one a change.
    job_ids    uuid[]       NOT NULL,
    tenant_ids integer[]    NOT NULL,
    epochs     integer[]    NOT NULL,
    lanes      lane[]       NOT NULL,
    statuses   job_status[] NOT NULL,
    attempts   smallint[]   NOT NULL,
    reasons    text[]       NOT NULL             -- why it waits or failed; null elements where there is nothing to say
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0,
        toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000, toast.autovacuum_vacuum_cost_delay = 0);

-- Rows live for milliseconds: squeezing them would cost more than it saves.
ALTER TABLE outbox ALTER COLUMN job_ids SET STORAGE EXTERNAL, ALTER COLUMN tenant_ids SET STORAGE EXTERNAL,
    ALTER COLUMN epochs SET STORAGE EXTERNAL, ALTER COLUMN lanes SET STORAGE EXTERNAL, ALTER COLUMN statuses SET STORAGE EXTERNAL,
    ALTER COLUMN attempts SET STORAGE EXTERNAL, ALTER COLUMN reasons SET STORAGE EXTERNAL;

-- Which claim of the job a note belongs to: the last one before it. With its kind it is the note's place in the job's sequence of events.
ALTER TABLE job_note ADD COLUMN epoch integer NOT NULL DEFAULT 0;

-- The job has webhooks of its own.
ALTER TABLE job_run ADD COLUMN notify boolean NOT NULL DEFAULT false;

-- Tells, in the transaction of the caller, what has just happened to some jobs. The one door for it, so that whoever has to be told
-- is added here and not to each statement.
--
-- durable: whether this must be kept until it has been told. Claims need not be: if whoever made them dies, so does its lease, and whoever
-- takes its jobs tells of the claims too.
CREATE FUNCTION post_events(durable boolean, job_ids uuid[], tenant_ids integer[], epochs integer[], lanes lane[], statuses job_status[],
                            attempts smallint[], reasons text[], notify boolean[])
    RETURNS bigint                               -- the row in the outbox; null when there is none
    LANGUAGE plpgsql
    STRICT                                       -- nothing changed: nothing to tell
    VOLATILE
AS $$
DECLARE
    posted bigint;
BEGIN
    IF durable THEN
        INSERT INTO outbox AS o (job_ids, tenant_ids, epochs, lanes, statuses, attempts, reasons)
        VALUES (post_events.job_ids, post_events.tenant_ids, post_events.epochs, post_events.lanes, post_events.statuses,
                post_events.attempts, post_events.reasons)
        RETURNING o.outbox_id INTO posted;
    END IF;
    RETURN posted;
END
$$;
