-- What an operator sets for a provider.
ALTER TABLE {schema}.providers
  -- Of several providers that offer the same model, the lowest number comes first.
  ADD COLUMN priority integer NOT NULL DEFAULT 100,
  -- Minutes between two automatic syncs; NULL: the backend's own interval.
  ADD COLUMN interval_minutes integer CHECK (interval_minutes BETWEEN 1 AND 43200);
