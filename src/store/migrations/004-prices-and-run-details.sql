-- What is remembered: runs with their circumstances, the changelog in the order of its times, prices over time, and who has looked.

-- Names the catalogue in feeds, whatever address it is reached at.
ALTER TABLE {schema}.catalogue ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();

ALTER TABLE {schema}.sync_runs
  ADD COLUMN app_version text,
  -- Host name and process of the replica that ran it, or what its operator calls it.
  ADD COLUMN replica text,
  -- Slugs of the providers that were asked for.
  ADD COLUMN providers text[],
  -- Whether the changelog has rows of it; NULL: in progress, or its process ended.
  ADD COLUMN changed boolean;
UPDATE {schema}.sync_runs AS r
SET providers = ARRAY(SELECT p ->> 'provider' FROM jsonb_array_elements(r.result -> 'providers') AS p),
  changed = EXISTS (SELECT FROM {schema}.model_changes AS c WHERE c.run_id = r.id)
WHERE r.finished_at IS NOT NULL;

CREATE INDEX sync_runs_trigger ON {schema}.sync_runs (trigger, started_at DESC, id DESC);
CREATE INDEX sync_runs_user ON {schema}.sync_runs (user_id, started_at DESC, id DESC) WHERE user_id IS NOT NULL;
CREATE INDEX sync_runs_failed ON {schema}.sync_runs (started_at DESC, id DESC) WHERE NOT success;
CREATE INDEX sync_runs_providers ON {schema}.sync_runs USING gin (providers);
-- Those that retention may take.
CREATE INDEX sync_runs_unchanged ON {schema}.sync_runs (started_at) WHERE changed IS NOT TRUE;

-- The names of an older system, for its queries and dashboards.
CREATE VIEW {schema}.model_sync_history AS
SELECT
  id,
  user_id,
  result -> 'providers' AS sync_results,
  COALESCE((result ->> 'newModels')::integer, 0) AS total_new_models,
  started_at AS synced_at,
  finished_at AS created_at
FROM {schema}.sync_runs
WHERE finished_at IS NOT NULL;

-- The changelog is read newest first by its times, so that each filter with a start is one range of one index. A row with a field is of the
-- kind `updated`, hence no index of kind and field.
DROP INDEX {schema}.model_changes_model;
CREATE INDEX model_changes_model ON {schema}.model_changes (model_id, at DESC, id DESC);
CREATE INDEX model_changes_newest ON {schema}.model_changes (at DESC, id DESC);
CREATE INDEX model_changes_provider ON {schema}.model_changes (provider_id, at DESC, id DESC);
CREATE INDEX model_changes_kind ON {schema}.model_changes (kind, at DESC, id DESC);
CREATE INDEX model_changes_provider_kind ON {schema}.model_changes (provider_id, kind, at DESC, id DESC);
CREATE INDEX model_changes_field ON {schema}.model_changes (field, at DESC, id DESC) WHERE field IS NOT NULL;
CREATE INDEX model_changes_provider_field ON {schema}.model_changes (provider_id, field, at DESC, id DESC) WHERE field IS NOT NULL;
-- A model that is gone is found by the id that it had.
CREATE INDEX model_changes_deleted ON {schema}.model_changes (provider_id, provider_model_id) WHERE kind = 'deleted';

-- What a read returned as a model's prices, from when to when: upstream's word beneath the pins. No foreign key: prices outlive their model.
CREATE TABLE {schema}.model_prices (
  model_id bigint NOT NULL,
  -- `input`, `output`, `cache_read`, `cache_write` per token in USD are the model's own fields; the others are its otherPrices.
  kind text COLLATE "C" NOT NULL,
  unit text NOT NULL,
  currency text NOT NULL,
  price numeric NOT NULL,
  valid_from timestamptz NOT NULL,
  -- NULL: still.
  valid_to timestamptz,
  PRIMARY KEY (model_id, kind, unit, currency, valid_from)
);

-- Of the models that are there already: each price from the change that set it to the next one.
INSERT INTO {schema}.model_prices (model_id, kind, unit, currency, price, valid_from, valid_to)
WITH told AS (
  SELECT c.model_id, c.id, c.at, f.field, CASE WHEN c.kind = 'added' THEN c.new_value -> f.field ELSE c.new_value END AS value
  FROM {schema}.model_changes AS c
  CROSS JOIN (
    VALUES ('inputCostPerToken'), ('outputCostPerToken'), ('cacheReadCostPerToken'), ('cacheWriteCostPerToken'), ('otherPrices')
  ) AS f (field)
  WHERE c.kind = 'added' OR (c.kind = 'updated' AND c.field = f.field)
), lasting AS (
  SELECT
    model_id,
    field,
    value,
    at AS valid_from,
    lead(at) OVER (PARTITION BY model_id, field ORDER BY at, id) AS valid_to
  FROM told
)
SELECT DISTINCT ON (model_id, kind, unit, currency, valid_from) model_id, kind, unit, currency, price, valid_from, valid_to
FROM (
  SELECT
    model_id,
    CASE field
      WHEN 'inputCostPerToken' THEN 'input'
      WHEN 'outputCostPerToken' THEN 'output'
      WHEN 'cacheReadCostPerToken' THEN 'cache_read'
      ELSE 'cache_write'
    END AS kind,
    'token' AS unit,
    'USD' AS currency,
    (value #>> '{}')::numeric AS price,
    valid_from,
    valid_to,
    1 AS place
  FROM lasting
  WHERE field <> 'otherPrices' AND jsonb_typeof(value) IN ('string', 'number')
  UNION ALL
  SELECT l.model_id, p ->> 'kind', p ->> 'unit', p ->> 'currency', (p ->> 'price')::numeric, l.valid_from, l.valid_to, 2
  FROM lasting AS l
  CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(l.value) WHEN 'array' THEN l.value ELSE '[]' END) AS p
  WHERE l.field = 'otherPrices'
) AS priced
WHERE valid_to IS NULL OR valid_from < valid_to
ORDER BY model_id, kind, unit, currency, valid_from, place, price;

-- Of a model that is gone no price holds any more.
UPDATE {schema}.model_prices AS p
SET valid_to = GREATEST(p.valid_from, d.at)
FROM {schema}.model_changes AS d
WHERE d.model_id = p.model_id AND d.kind = 'deleted' AND p.valid_to IS NULL;

-- Up to which model each user has looked at what is new.
CREATE TABLE {schema}.model_sync_seen (
  -- Empty: nobody in particular.
  user_id text PRIMARY KEY,
  -- First seen of the newest model that was there; NULL: there was none.
  seen_through timestamptz,
  seen_at timestamptz NOT NULL
);
CREATE INDEX models_first_seen ON {schema}.models (first_seen_at);
