-- Work that a provider was asked for and gives later. The row is there before the provider is asked and has the provider's id before
-- anybody waits for the answer, so that whoever has the job next waits for the same answer instead of buying another.
-- Rows are numbered by the predictions that run now: they go when the answer is no use any more, or when their job is over.
CREATE TABLE prediction (
    job_id         uuid        PRIMARY KEY,
    submitted_at   timestamptz NOT NULL DEFAULT now(),
    called_back_at timestamptz,                  -- the provider says that something has happened; null once somebody has looked
    tenant_id      integer     NOT NULL,
    epoch          integer     NOT NULL CHECK (epoch > 0),   -- the claim that buys it: with the job's id, the name of the purchase
    key_number     smallint    NOT NULL CHECK (key_number >= 0),   -- which of the provider's keys bought it, and can see it
    provider       text        NOT NULL,
    model          text        NOT NULL,         -- the provider's own name
    provider_id    text,                         -- null while the provider has not said that it took it
    callback_hash  bytea       CHECK (octet_length(callback_hash) = 32)   -- SHA-256 of the token in the callback's address
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

CREATE UNIQUE INDEX prediction_callback ON prediction (callback_hash);
