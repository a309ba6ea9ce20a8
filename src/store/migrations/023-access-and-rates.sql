-- Who may call a model, how often, and two more reasons why one that is listed cannot be had.

ALTER TABLE {schema}.models
  ADD COLUMN rpm bigint,
  ADD COLUMN tpm bigint,
  ADD COLUMN restricted boolean,
  ADD COLUMN teams jsonb NOT NULL DEFAULT '[]',
  ADD COLUMN access_groups jsonb NOT NULL DEFAULT '[]';

ALTER TABLE {schema}.models
  DROP CONSTRAINT models_unavailable_reason_check,
  ADD CONSTRAINT models_unavailable_reason_check CHECK (
    unavailable_reason IN ('omitted', 'provider-disabled', 'deprecated', 'excluded', 'operator', 'blocked', 'not-callable')
  );
