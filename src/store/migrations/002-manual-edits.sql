-- What people set by hand: pins, hidden models, local models, and changes that were taken back.

ALTER TABLE {schema}.models
  ADD COLUMN hidden boolean NOT NULL DEFAULT false,
  -- {field: value}; the field's own column holds the effective value.
  ADD COLUMN pins jsonb NOT NULL DEFAULT '{}',
  -- {field: value}: what upstream says of the pinned fields.
  ADD COLUMN upstream jsonb NOT NULL DEFAULT '{}',
  -- Why the provider's side holds the model for unavailable, beneath what an operator set; NULL: it is listed.
  ADD COLUMN listed_reason text,
  ADD COLUMN pinned_unavailable boolean NOT NULL DEFAULT false,
  -- Added by hand once: when upstream drops it, it is local again.
  ADD COLUMN was_local boolean NOT NULL DEFAULT false,
  -- {field: value}: upstream's values that a person took back; held while upstream repeats them.
  ADD COLUMN undone jsonb,
  -- Ids that the model had before it was renamed; they still lead to it.
  ADD COLUMN former_ids jsonb NOT NULL DEFAULT '[]';

UPDATE {schema}.models SET listed_reason = unavailable_reason;

-- Few models have one, and the lookup of an id that is not there asks for it.
CREATE INDEX models_former_ids ON {schema}.models USING gin (former_ids) WHERE former_ids <> '[]';
CREATE INDEX model_changes_run ON {schema}.model_changes (run_id, id) WHERE run_id IS NOT NULL;
