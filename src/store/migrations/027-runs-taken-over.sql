-- Runs that a replica takes over from another: who began them, and what was applied of them already.

ALTER TABLE {schema}.sync_runs ADD COLUMN taken_over text;
ALTER TABLE {schema}.user_runs ADD COLUMN taken_over text;

-- The run that last applied an answer of the provider, and what its result says of the provider; written with the answer itself.
ALTER TABLE {schema}.providers ADD COLUMN run_id uuid;
ALTER TABLE {schema}.providers ADD COLUMN run_result jsonb;
