-- When to sync: how often a provider's models change, and which signed messages have been taken.

-- ISO times of the last syncs that changed something, the oldest first.
ALTER TABLE {schema}.providers ADD COLUMN change_times jsonb NOT NULL DEFAULT '[]';

CREATE TABLE {schema}.webhook_messages (
  id text COLLATE "C" PRIMARY KEY,
  at timestamptz NOT NULL
);
