-- The history under its older name says how many syncs a row stands for: runs of an hour that changed nothing are folded into the last of them.

CREATE OR REPLACE VIEW {schema}.model_sync_history AS
SELECT
  id,
  user_id,
  result -> 'providers' AS sync_results,
  COALESCE((result ->> 'newModels')::integer, 0) AS total_new_models,
  started_at AS synced_at,
  finished_at AS created_at,
  runs,
  COALESCE(first_started_at, started_at) AS first_synced_at,
  started_at AS last_synced_at
FROM {schema}.sync_runs
WHERE finished_at IS NOT NULL AND trigger <> 'undo'
UNION ALL
SELECT
  id,
  user_id,
  result -> 'providers',
  COALESCE((result ->> 'newModels')::integer, 0),
  started_at,
  finished_at,
  runs,
  COALESCE(first_started_at, started_at),
  started_at
FROM {schema}.user_runs
WHERE finished_at IS NOT NULL;
