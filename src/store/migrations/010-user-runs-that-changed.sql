-- Runs with keys of users: which of them changed something, so that retention may take the others.

UPDATE {schema}.user_runs
SET changed = (
  SELECT COALESCE(sum((result ->> counter)::integer), 0) > 0
  FROM unnest(ARRAY['newModels', 'updatedModels', 'unavailableModels', 'restoredModels', 'renamedModels']) AS counter
)
WHERE finished_at IS NOT NULL;

CREATE INDEX user_runs_unchanged ON {schema}.user_runs (started_at) WHERE changed IS NOT TRUE;
