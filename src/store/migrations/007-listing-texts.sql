-- Of a provider whose list goes into a file as it is: the answers that were applied last, to the letter and in upstream's order.
CREATE TABLE {schema}.listing_texts (
  -- No foreign key: providers are never deleted.
  provider_id integer NOT NULL,
  -- The listing's.
  path text COLLATE "C" NOT NULL,
  -- Hex, of the answer's bytes; another one than in the provider's fingerprint belongs to an older answer.
  sha256 text NOT NULL,
  -- Gzipped UTF-8.
  content bytea NOT NULL,
  PRIMARY KEY (provider_id, path)
);
ALTER TABLE {schema}.listing_texts ALTER COLUMN content SET STORAGE EXTERNAL;
