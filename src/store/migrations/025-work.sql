-- What the replicas have to do, one row for each piece, and who is at work on it; and the replicas themselves.

-- The one clock of leases and due times: PostgreSQL's, so that replicas agree on it whatever their own clocks say. Declared STABLE, so that an index
-- on times can be used.
CREATE FUNCTION {schema}.model_sync_now() RETURNS timestamptz
LANGUAGE sql STABLE
AS 'SELECT clock_timestamp()';

CREATE TABLE {schema}.work (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL,
  -- Equal requests of a kind share a row until it has ended.
  key text NOT NULL,
  -- Rows of one lane follow each other in the order of their ids; NULL: in no lane.
  lane text,
  state text NOT NULL CHECK (state IN ('waiting', 'running', 'ended')),
  due_at timestamptz NOT NULL,
  -- Which replica has it, or had it last; NULL: none yet.
  holder uuid,
  holder_name text,
  -- Grows with each claim: whoever writes names the one that it was given.
  token bigint NOT NULL DEFAULT 0,
  -- NULL: nobody is at work on it.
  leased_until timestamptz,
  -- Claims since it was due.
  attempts integer NOT NULL DEFAULT 0,
  -- Of the first of these claims.
  began_by text,
  -- Calls that want the outcome; when the last one has left, the work is cancelled.
  callers integer NOT NULL DEFAULT 1,
  -- The call that made the row.
  asked_by uuid NOT NULL,
  asked jsonb NOT NULL,
  progress jsonb,
  outcome jsonb,
  cancel_asked boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  ended_at timestamptz
);

CREATE UNIQUE INDEX work_equal ON {schema}.work (kind, key) WHERE state <> 'ended' AND NOT cancel_asked;
-- Whatever two replicas see at the same moment.
CREATE UNIQUE INDEX work_one_of_a_lane ON {schema}.work (lane) WHERE state = 'running';
CREATE INDEX work_in_order ON {schema}.work (lane, id) WHERE state <> 'ended';
CREATE INDEX work_free ON {schema}.work (kind, COALESCE(leased_until, due_at), id) WHERE state <> 'ended';
CREATE INDEX work_ended ON {schema}.work (ended_at) WHERE state = 'ended';

CREATE TABLE {schema}.replicas (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  version text NOT NULL,
  since timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);
