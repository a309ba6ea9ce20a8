-- Hours at which other token prices hold: [{days, from, to, timeZone, dayTimeZone?, prices}].

ALTER TABLE {schema}.models ADD COLUMN price_windows jsonb NOT NULL DEFAULT '[]';
