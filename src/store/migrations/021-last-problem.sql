-- What last_error says, as a code and its facts: whoever decides something reads these. NULL: nothing is wrong, or an older version wrote last_error.

ALTER TABLE {schema}.providers ADD COLUMN last_problem jsonb;
ALTER TABLE {schema}.user_providers ADD COLUMN last_problem jsonb;
