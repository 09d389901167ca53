-- Webhooks hear how far jobs are. A step of progress leaves nothing behind from which it could be told later, so its notice carries it:
-- the share and the words, null in all other notices.
ALTER TABLE webhook_notice ADD COLUMN progress double precision CHECK (progress BETWEEN 0 AND 1), ADD COLUMN progress_message text;

-- Writes what is owed for steps of progress, in the transaction of the caller, by the rules of post_events: one notice to every enabled
-- endpoint of the tenant that wants to hear of it, and one to the webhook that came with the job. The place of such a notice among its
-- job's events is its claim's.
CREATE FUNCTION post_progress(job_ids uuid[], tenant_ids integer[], epochs integer[], shares double precision[], messages text[],
                              notify boolean[])
    RETURNS boolean                              -- whether anything is owed
    LANGUAGE plpgsql
    STRICT
    VOLATILE
AS $$
DECLARE
    listened_to integer[];                       -- tenants with an endpoint that wants to hear of it
    owed boolean := false;
BEGIN
    listened_to := ARRAY(SELECT t.tenant_id
                           FROM (SELECT DISTINCT unnest(post_progress.tenant_ids) AS tenant_id) AS t
                          WHERE EXISTS (SELECT
                                          FROM webhook_endpoint e
                                         WHERE e.tenant_id = t.tenant_id AND e.status = 'enabled' AND 'job.progress' = ANY (e.events)
                                        OFFSET 0));

    IF cardinality(listened_to) > 0 THEN
        INSERT INTO webhook_notice (job_id, receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type, progress, progress_message)
        SELECT c.job_id, e.endpoint_id, e.endpoint_id, event_number(c.epoch, 'processing'), clock_timestamp(), clock_timestamp(),
               c.tenant_id, 'job.progress', c.share, c.message
          FROM unnest(post_progress.job_ids, post_progress.tenant_ids, post_progress.epochs, post_progress.shares, post_progress.messages)
               AS c (job_id, tenant_id, epoch, share, message)
         CROSS JOIN LATERAL (SELECT * FROM webhook_endpoint e WHERE e.tenant_id = c.tenant_id OFFSET 0) AS e
         WHERE c.tenant_id = ANY (listened_to)
           AND e.status = 'enabled'
           AND 'job.progress' = ANY (e.events)
           AND (e.labels_filter IS NULL
                OR EXISTS (SELECT FROM job j WHERE j.tenant_id = c.tenant_id AND j.job_id = c.job_id AND j.labels @> e.labels_filter OFFSET 0));
        owed := FOUND;
    END IF;

    IF true = ANY (post_progress.notify) THEN
        INSERT INTO webhook_notice (job_id, receiver_id, endpoint_id, seq, happened_at, due_at, tenant_id, type, url, progress,
                                    progress_message)
        SELECT c.job_id, w.receiver_id, w.endpoint_id, event_number(c.epoch, 'processing'), clock_timestamp(), clock_timestamp(),
               c.tenant_id, 'job.progress', w.url, c.share, c.message
          FROM unnest(post_progress.job_ids, post_progress.tenant_ids, post_progress.epochs, post_progress.shares, post_progress.messages,
                      post_progress.notify)
               AS c (job_id, tenant_id, epoch, share, message, notify)
         CROSS JOIN LATERAL (SELECT * FROM job_webhook w WHERE w.job_id = c.job_id OFFSET 0) AS w
         WHERE c.notify
           AND 'job.progress' = ANY (w.events)
           AND (w.endpoint_id IS NULL
                OR EXISTS (SELECT
                             FROM webhook_endpoint e
                            WHERE e.endpoint_id = w.endpoint_id
                              AND e.status = 'enabled'
                              -- Told above.
                              AND NOT ('job.progress' = ANY (e.events)
                                       AND (e.labels_filter IS NULL
                                            OR EXISTS (SELECT FROM job j WHERE j.tenant_id = c.tenant_id AND j.job_id = c.job_id
                                                                           AND j.labels @> e.labels_filter OFFSET 0)))));
        owed := owed OR FOUND;
    END IF;

    RETURN owed;
END
$$;
