-- News: what each subscription has been told, and what waits to be sent to it. Addresses and secrets stay in the configuration.

-- One row for each name in the option `news`.
CREATE TABLE {schema}.news_subscriptions (
  name text COLLATE "C" PRIMARY KEY,
  -- A digest of where it goes: with another address it starts anew.
  target text NOT NULL,
  created_at timestamptz NOT NULL,
  -- Who is at work on it, and until when that holds.
  leased_by uuid,
  leased_until timestamptz,
  -- NULL: at once.
  next_attempt_at timestamptz,
  failed_attempts integer NOT NULL DEFAULT 0,
  failing_since timestamptz,
  last_error text,
  last_delivered_at timestamptz,
  disabled_at timestamptz,
  disabled_reason text
);

-- How far its reading of the changelog is. By provider, since only within one of them do ids grow in the order of the commits: each transaction that
-- writes a change holds its provider's row.
CREATE TABLE {schema}.news_cursors (
  subscription text COLLATE "C" NOT NULL REFERENCES {schema}.news_subscriptions (name) ON DELETE CASCADE,
  provider_id integer NOT NULL,
  change_id bigint NOT NULL,
  PRIMARY KEY (subscription, provider_id)
);

-- Deleted when they have arrived.
CREATE TABLE {schema}.news_deliveries (
  id uuid PRIMARY KEY,
  place bigint GENERATED ALWAYS AS IDENTITY,
  subscription text COLLATE "C" NOT NULL REFERENCES {schema}.news_subscriptions (name) ON DELETE CASCADE,
  type text NOT NULL,
  data jsonb NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX news_deliveries_queue ON {schema}.news_deliveries (subscription, place);

-- Warnings and failures that it has been told, so that each is told once, or once a day.
CREATE TABLE {schema}.news_told (
  subscription text COLLATE "C" NOT NULL REFERENCES {schema}.news_subscriptions (name) ON DELETE CASCADE,
  key text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (subscription, key)
);

CREATE INDEX model_changes_cursor ON {schema}.model_changes (provider_id, id);
CREATE INDEX models_deprecation ON {schema}.models (deprecation_date, id) WHERE deprecation_date IS NOT NULL;
