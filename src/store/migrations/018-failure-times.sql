-- When the request of the newest recorded failure had ended: an answer that came before it, and is recorded after it, does not take it back.

ALTER TABLE {schema}.providers ADD COLUMN failed_at timestamptz;
ALTER TABLE {schema}.user_providers ADD COLUMN failed_at timestamptz;
