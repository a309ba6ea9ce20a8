-- What a sync says of the answer that was applied last, beside its models: {rejectedModels, filteredModels, warnings}. A sync that finds the answer
-- unchanged says it again. NULL: not known, as of answers before this migration.

ALTER TABLE {schema}.providers ADD COLUMN listing jsonb;
ALTER TABLE {schema}.user_providers ADD COLUMN listing jsonb;
