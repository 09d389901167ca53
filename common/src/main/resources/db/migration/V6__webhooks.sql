-- Webhooks: who wants to be told, what is owed to them, and every try at telling them.
--
-- A notice is an event owed to one receiver. It is written by the transaction that makes the event true, so that there is one for each
-- change and receiver, however processes die; sending it is another process's work, with retries of its own. Notices and their tries grow
-- with history and are partitioned by the notice's time-ordered id, as jobs are by theirs.

-- A URL that a tenant wants called, for the events that it names and, where there is a filter, for jobs that carry all of its labels.
CREATE TABLE webhook_endpoint (
    endpoint_id     uuid        PRIMARY KEY,
    tenant_id       integer     NOT NULL REFERENCES tenant,
    created_at      timestamptz NOT NULL DEFAULT now(),
    url             text        NOT NULL,
    description     text,
    events          text[]      NOT NULL CHECK (cardinality(events) > 0),
    labels_filter   jsonb,                       -- an object of strings; null for none
    status          text        NOT NULL DEFAULT 'enabled' CHECK (status IN ('enabled', 'disabled')),
    disabled_reason text,
    disabled_at     timestamptz,
    CONSTRAINT disabled_has_its_time CHECK ((status = 'disabled') = (disabled_at IS NOT NULL)),
    CONSTRAINT only_disabled_has_a_reason CHECK (status = 'disabled' OR disabled_reason IS NULL)
);

CREATE INDEX webhook_endpoint_tenant ON webhook_endpoint (tenant_id);

-- What deliveries are signed with, an endpoint's or, without one, the tenant's for the URLs of single jobs. They are stored as they are:
-- whoever signs must know them. While a secret is being rotated the old one has an end and signs beside the new one, which has none.
CREATE TABLE webhook_secret (
    secret_id     uuid        PRIMARY KEY,
    tenant_id     integer     NOT NULL REFERENCES tenant,
    endpoint_id   uuid        REFERENCES webhook_endpoint ON DELETE CASCADE,
    symmetric_key bytea       NOT NULL,
    private_key   bytea       NOT NULL,
    public_key    bytea       NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz
);

-- One secret without an end each: two callers who make the first one at once make one. It is also the way from the tenant to all of them.
CREATE UNIQUE INDEX webhook_secret_current ON webhook_secret (tenant_id, endpoint_id) NULLS NOT DISTINCT WHERE expires_at IS NULL;
CREATE INDEX webhook_secret_owner ON webhook_secret (tenant_id, endpoint_id);

-- An event owed to one receiver. The body is made when it is first sent and kept, so that every try sends the same bytes. It lies out of
-- the row as soon as it is long (see the storage parameter in Partitions), so that a change of status does not write it again.
CREATE TABLE webhook_notice (
    notice_id     uuid        NOT NULL DEFAULT uuidv7(),
    job_id        uuid,                          -- null where the event is not a job's
    receiver_id   uuid        NOT NULL,          -- the endpoint's id, or what stands for the tenant and the URL's origin
    endpoint_id   uuid,
    seq           bigint      NOT NULL,          -- the place of the event among its job's
    happened_at   timestamptz NOT NULL,
    due_at        timestamptz NOT NULL,
    claimed_until timestamptz,
    finished_at   timestamptz,
    tenant_id     integer     NOT NULL,
    claimed_by    integer,
    tries         smallint    NOT NULL DEFAULT 0 CHECK (tries >= 0),
    status        text        NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'delivered', 'failed')),
    type          text        NOT NULL,
    url           text,                          -- of a webhook that belongs to one job
    body          text        STORAGE EXTERNAL,
    PRIMARY KEY (notice_id),
    CONSTRAINT a_notice_has_one_address CHECK ((endpoint_id IS NULL) <> (url IS NULL)),
    CONSTRAINT finished_has_its_time CHECK ((status = 'pending') = (finished_at IS NULL))
) PARTITION BY RANGE (notice_id);

-- What is to be sent: each receiver's notices, the longest due first. As small as the work in hand.
CREATE INDEX webhook_notice_due ON webhook_notice (receiver_id, due_at, notice_id) WHERE status = 'pending';
CREATE INDEX webhook_notice_tenant ON webhook_notice (tenant_id, notice_id);
-- What may be sent again: only what went wrong.
CREATE INDEX webhook_notice_failed ON webhook_notice (tenant_id, notice_id) WHERE status = 'failed';
CREATE INDEX webhook_notice_job ON webhook_notice (job_id);

-- One try at sending a notice, written when it is over.
CREATE TABLE webhook_attempt (
    notice_id   uuid        NOT NULL,
    at          timestamptz NOT NULL,
    latency_ms  integer     NOT NULL CHECK (latency_ms >= 0),
    try         smallint    NOT NULL CHECK (try > 0),
    status_code smallint,                        -- null when the receiver did not answer
    answer      text,                            -- the beginning of what the receiver said
    error       text,
    PRIMARY KEY (notice_id, try)
) PARTITION BY RANGE (notice_id);

-- How a receiver does. Healthy ones have no row, so that sending to them writes nothing here.
CREATE TABLE webhook_receiver (
    receiver_id          uuid        PRIMARY KEY,
    tenant_id            integer     NOT NULL,
    endpoint_id          uuid,
    origin               text,                   -- scheme, host and port, where the receiver is no endpoint
    consecutive_failures integer     NOT NULL DEFAULT 0 CHECK (consecutive_failures >= 0),
    failing_since        timestamptz,
    open_until           timestamptz             -- nothing is sent before
) WITH (fillfactor = 50);

-- The webhook of one job, written with it and kept as long, since a replayed job still has it. A job that has one says so in
-- job_run.notify, which saves all others the look.
CREATE TABLE job_webhook (
    job_id      uuid    NOT NULL,
    receiver_id uuid    NOT NULL,
    endpoint_id uuid,
    tenant_id   integer NOT NULL,
    url         text,
    events      text[]  NOT NULL,
    PRIMARY KEY (job_id),
    CONSTRAINT a_webhook_has_one_address CHECK ((endpoint_id IS NULL) <> (url IS NULL))
) PARTITION BY RANGE (job_id);

-- The place of a change of status among the events of its job, as EventSequence has it. Not strict, so that it becomes a part of the
-- statement that asks.
CREATE FUNCTION event_number(epoch integer, status job_status)
    RETURNS bigint
    LANGUAGE sql
    IMMUTABLE
RETURN epoch::bigint * 100000
     + CASE status WHEN 'processing' THEN 0
                   WHEN 'waiting' THEN 90002
                   WHEN 'awaiting_review' THEN 90002
                   WHEN 'queued' THEN 90003
                   ELSE 90004 END;

-- As before, and in the same transaction, of claims too, what is owed to webhooks: for each change one notice to every enabled endpoint
-- of the tenant that wants to hear of it, and one to the webhook that came with the job. An endpoint that a job names gets no second notice
-- of what it hears of anyway. All jobs pass here, nearly always for tenants whom nobody listens to: for them this costs one look into an
-- index a tenant.
CREATE OR REPLACE FUNCTION post_events(durable boolean, job_ids uuid[], tenant_ids integer[], epochs integer[], lanes lane[],
                                       statuses job_status[], attempts smallint[], reasons text[], notify boolean[])
    RETURNS bigint                               -- the row in the outbox; null when there is none
    LANGUAGE plpgsql
    STRICT                                       -- nothing changed: nothing to tell
    VOLATILE
AS $$
DECLARE
    posted bigint;
    listened_to integer[];                       -- tenants with an endpoint
BEGIN
    IF durable THEN
        INSERT INTO outbox AS o (job_ids, tenant_ids, epochs, lanes, statuses, attempts, reasons)
        VALUES (post_events.job_ids, post_events.tenant_ids, post_events.epochs, post_events.lanes, post_events.statuses,
                post_events.attempts, post_events.reasons)
        RETURNING o.outbox_id INTO posted;
    END IF;

    listened_to := ARRAY(SELECT t.tenant_id
                           FROM (SELECT DISTINCT unnest(post_events.tenant_ids) AS tenant_id) AS t
                          WHERE EXISTS (SELECT FROM webhook_endpoint e WHERE e.tenant_id = t.tenant_id AND e.status = 'enabled' OFFSET 0));

    IF cardinality(listened_to) > 0 THEN
        INSERT INTO webhook_notice (job_id, receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type)
        SELECT c.job_id, e.endpoint_id, e.endpoint_id, event_number(c.epoch, c.status), clock_timestamp(), clock_timestamp(), c.tenant_id,
               'job.' || c.status
          FROM unnest(post_events.job_ids, post_events.tenant_ids, post_events.epochs, post_events.statuses)
               WITH ORDINALITY AS c (job_id, tenant_id, epoch, status, place)
         CROSS JOIN LATERAL (SELECT * FROM webhook_endpoint e WHERE e.tenant_id = c.tenant_id OFFSET 0) AS e
         WHERE c.tenant_id = ANY (listened_to)
           AND e.status = 'enabled'
           AND 'job.' || c.status = ANY (e.events)
           AND (e.labels_filter IS NULL
                OR EXISTS (SELECT FROM job j WHERE j.tenant_id = c.tenant_id AND j.job_id = c.job_id AND j.labels @> e.labels_filter OFFSET 0))
         ORDER BY c.place;
    END IF;

    IF true = ANY (post_events.notify) THEN
        INSERT INTO webhook_notice (job_id, receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type, url)
        SELECT c.job_id, w.receiver_id, w.endpoint_id, event_number(c.epoch, c.status), clock_timestamp(), clock_timestamp(), c.tenant_id,
               'job.' || c.status, w.url
          FROM unnest(post_events.job_ids, post_events.tenant_ids, post_events.epochs, post_events.statuses, post_events.notify)
               WITH ORDINALITY AS c (job_id, tenant_id, epoch, status, notify, place)
         CROSS JOIN LATERAL (SELECT * FROM job_webhook w WHERE w.job_id = c.job_id OFFSET 0) AS w
         WHERE c.notify
           AND 'job.' || c.status = ANY (w.events)
           AND (w.endpoint_id IS NULL
                OR EXISTS (SELECT
                             FROM webhook_endpoint e
                            WHERE e.endpoint_id = w.endpoint_id
                              AND e.status = 'enabled'
                              -- Told above.
                              AND NOT ('job.' || c.status = ANY (e.events)
                                       AND (e.labels_filter IS NULL
                                            OR EXISTS (SELECT FROM job j WHERE j.tenant_id = c.tenant_id AND j.job_id = c.job_id
                                                                           AND j.labels @> e.labels_filter OFFSET 0)))))
         ORDER BY c.place;
    END IF;

    RETURN posted;
END
$$;
