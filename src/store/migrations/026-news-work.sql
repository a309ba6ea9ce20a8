-- Who is at work on a subscription stands in the table of work, as for everything else that replicas share out.

ALTER TABLE {schema}.news_subscriptions
  DROP COLUMN leased_by,
  DROP COLUMN leased_until;
