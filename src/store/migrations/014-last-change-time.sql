-- When the newest change of a provider's models is said to have happened: the next one happens after it.

ALTER TABLE {schema}.providers ADD COLUMN changed_at timestamptz;
UPDATE {schema}.providers AS p
SET changed_at = (SELECT max(c.at) FROM {schema}.model_changes AS c WHERE c.provider_id = p.id);
