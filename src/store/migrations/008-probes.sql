-- Smallest requests that were sent to models, and how many a day may be.

CREATE TABLE {schema}.probes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- No foreign keys: what was found stays on record, whatever becomes of the model.
  provider text COLLATE "C" NOT NULL,
  provider_model_id text COLLATE "C" NOT NULL,
  cause text NOT NULL CHECK (cause IN ('manual', 'added')),
  actor text,
  ok boolean NOT NULL,
  -- NULL: it answered.
  reason text,
  -- The HTTP status; NULL: no answer.
  status integer,
  latency_ms integer,
  at timestamptz NOT NULL
);
CREATE INDEX probes_model ON {schema}.probes (provider, provider_model_id, id DESC);
CREATE INDEX probes_at ON {schema}.probes (at);

CREATE TABLE {schema}.probe_budget (
  -- In UTC.
  day date PRIMARY KEY,
  spent integer NOT NULL
);
