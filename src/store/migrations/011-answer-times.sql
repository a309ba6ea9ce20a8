-- What an answer is compared with before it is recorded, so that it never replaces a newer one.

ALTER TABLE {schema}.providers
  -- Grows when another answer is applied, and when the fingerprint is dropped: an answer is "not modified" only against the state it was asked with.
  ADD COLUMN state_version bigint NOT NULL DEFAULT 0,
  -- When the request of the newest answer, applied or not modified, had ended.
  ADD COLUMN answered_at timestamptz;

ALTER TABLE {schema}.user_providers
  ADD COLUMN state_version bigint NOT NULL DEFAULT 0,
  ADD COLUMN answered_at timestamptz;
