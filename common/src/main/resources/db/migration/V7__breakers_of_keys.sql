-- A breaker also stands for one of a provider's keys: one that the provider does not accept is left alone by all workers, while the others go on
-- being used. With model '' it is the key's for every model, with a model's name the key's for that model alone; -1 is the model's own,
-- whatever the key.
ALTER TABLE breaker ADD COLUMN key_number smallint NOT NULL DEFAULT -1 CHECK (key_number >= -1);
ALTER TABLE breaker DROP CONSTRAINT breaker_pkey;
ALTER TABLE breaker ADD PRIMARY KEY (provider, model, key_number);
