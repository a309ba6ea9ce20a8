-- Entries hold named members only, from now on: those that were kept before go, and the next sync keeps them anew.
-- LiteLLM's were kept by name from the start.

UPDATE {schema}.models AS m
SET entry_digest = NULL,
  entry_chunk = NULL,
  entry_index = NULL
FROM {schema}.providers AS p
WHERE p.id = m.provider_id AND p.slug <> 'litellm';

DELETE FROM {schema}.upstream_entries AS e
USING {schema}.providers AS p
WHERE p.id = e.provider_id AND p.slug <> 'litellm';

-- Whole answers of the provider whose list goes into models.json.
DELETE FROM {schema}.listing_texts;

-- Without a fingerprint the next answer is read, also one that is as it was.
UPDATE {schema}.providers SET fingerprint = NULL WHERE slug <> 'litellm';

-- No entry of what a user's key shows was ever kept; what was read of it is read anew.
UPDATE {schema}.user_providers SET fingerprint = NULL WHERE provider <> 'litellm';
UPDATE {schema}.user_models AS m
SET entry_digest = NULL
FROM {schema}.user_providers AS p
WHERE p.id = m.user_provider_id AND p.provider <> 'litellm';

-- No cache of a reader answers with an old entry.
UPDATE {schema}.catalogue SET revision = revision + 1 WHERE EXISTS (SELECT FROM {schema}.models);
