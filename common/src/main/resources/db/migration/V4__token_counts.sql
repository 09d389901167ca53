-- How far our own count of a call's input tokens was from the provider's, so that estimates can be judged. One row for each size of error
-- that has occurred: errors of many workers add up, and percentiles are told from the sum.
CREATE TABLE token_count_error (
    model      text     NOT NULL,                -- the name that callers use
    bucket     smallint NOT NULL CHECK (bucket >= 0),   -- how large the errors are, see TokenCountErrors
    samples    bigint   NOT NULL CHECK (samples > 0),
    error_sum  double precision NOT NULL,        -- of the errors with their signs: above 0 where we counted too many
    PRIMARY KEY (model, bucket)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
