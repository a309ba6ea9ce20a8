-- When the process of a run has last shown that it runs, beside the run's start: names of processes are no proof that one of them is gone.

ALTER TABLE {schema}.sync_runs ADD COLUMN alive_at timestamptz;
ALTER TABLE {schema}.user_runs ADD COLUMN alive_at timestamptz;
