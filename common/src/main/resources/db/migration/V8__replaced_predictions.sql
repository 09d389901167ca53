-- Predictions whose job has bought another one of another model since. They go on at their provider and cost money, so each is kept
-- until a chore has booked it and told the provider: some seconds. Written by the statement that writes the later purchase down.
CREATE TABLE replaced_prediction (
    job_id       uuid        NOT NULL,
    epoch        integer     NOT NULL CHECK (epoch > 0),
    submitted_at timestamptz NOT NULL,
    tenant_id    integer     NOT NULL,
    key_number   smallint    NOT NULL CHECK (key_number >= 0),
    provider     text        NOT NULL,
    model        text        NOT NULL,
    provider_id  text        NOT NULL,
    PRIMARY KEY (job_id, epoch)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
