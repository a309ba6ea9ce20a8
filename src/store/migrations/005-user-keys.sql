-- Keys of users, and what each key can see. In tables of their own: no read of the catalogue can show by mistake what only a user's key has shown.
-- As with providers, no foreign keys: rows are written by the thousand, and nothing is deleted behind their back.

CREATE TABLE {schema}.user_credentials (
  user_id text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  -- AES-256-GCM, with user and provider as additional authenticated data.
  sealed bytea NOT NULL,
  -- NULL: of a short key that would be a good part.
  last_four text,
  active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, provider)
);

-- How a provider stands for one user; the columns are those of providers.
CREATE TABLE {schema}.user_providers (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text COLLATE "C" NOT NULL,
  provider text COLLATE "C" NOT NULL,
  version bigint NOT NULL DEFAULT 0,
  fingerprint jsonb,
  listed_models integer NOT NULL DEFAULT 0,
  recent_sizes jsonb NOT NULL DEFAULT '[]',
  last_attempt_at timestamptz,
  last_success_at timestamptz,
  last_error text,
  consecutive_failures integer NOT NULL DEFAULT 0,
  -- A digest of the key that the provider refused: it is not tried again.
  refused_credential text,
  refused_reason text,
  UNIQUE (user_id, provider)
);

CREATE TABLE {schema}.user_models (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_provider_id integer NOT NULL,
  provider_model_id text COLLATE "C" NOT NULL,
  -- {column of models: value}, as upstream told this user.
  fields jsonb NOT NULL,
  -- NULL: the key sees the model.
  unavailable_reason text,
  unavailable_since timestamptz,
  misses integer NOT NULL DEFAULT 0,
  entry_digest bytea,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  UNIQUE (user_provider_id, provider_model_id)
);

-- Read by user alone, so that the other indexes would only cost.
CREATE TABLE {schema}.user_runs (LIKE {schema}.sync_runs INCLUDING ALL EXCLUDING INDEXES, PRIMARY KEY (id));
CREATE INDEX user_runs_newest ON {schema}.user_runs (user_id, started_at DESC, id DESC);
