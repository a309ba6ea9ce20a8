-- The history under its older name: also the syncs with keys of users, and no undo, which is no sync.

CREATE OR REPLACE VIEW {schema}.model_sync_history AS
SELECT
  id,
  user_id,
  result -> 'providers' AS sync_results,
  COALESCE((result ->> 'newModels')::integer, 0) AS total_new_models,
  started_at AS synced_at,
  finished_at AS created_at
FROM {schema}.sync_runs
WHERE finished_at IS NOT NULL AND trigger <> 'undo'
UNION ALL
SELECT
  id,
  user_id,
  result -> 'providers',
  COALESCE((result ->> 'newModels')::integer, 0),
  started_at,
  finished_at
FROM {schema}.user_runs
WHERE finished_at IS NOT NULL;
