-- Runs whose process died are ended by whoever comes next, and old runs that changed nothing are folded by the hour.

ALTER TABLE {schema}.sync_runs
  -- A run that has not ended by then never will.
  ADD COLUMN deadline timestamptz,
  -- How many runs the row stands for; everything else in it is of the last of them, but for the time when the first began.
  ADD COLUMN runs integer NOT NULL DEFAULT 1,
  ADD COLUMN first_started_at timestamptz;
ALTER TABLE {schema}.user_runs
  ADD COLUMN deadline timestamptz,
  ADD COLUMN runs integer NOT NULL DEFAULT 1,
  ADD COLUMN first_started_at timestamptz;

CREATE INDEX sync_runs_open ON {schema}.sync_runs (started_at) WHERE finished_at IS NULL;
CREATE INDEX user_runs_open ON {schema}.user_runs (started_at) WHERE finished_at IS NULL;
