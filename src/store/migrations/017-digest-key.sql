-- The key of the digests by which keys and addresses are told apart: random, made by the first process that needs it. What was digested without it is
-- digested again at the next start.
CREATE TABLE {schema}.digest_key (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  key bytea NOT NULL
);
