-- Members that a provider's entries state and nobody reads, and those that nearly all had and that are gone; by the listing's path. NULL: no answer
-- since this migration.

ALTER TABLE {schema}.providers ADD COLUMN drift jsonb;
