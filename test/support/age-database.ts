/** Makes everything that is on record older, so that syncs of one minute look like those of several days. */
import pg from 'pg'

/** @param days by which each time in schema `model_sync` moves into the past; what a run said of itself keeps its words */
export async function ageDatabase(poolConfig: pg.PoolConfig, days: number): Promise<void> {
  const client = new pg.Client(poolConfig)
  await client.connect()
  try {
    const { rows } = await client.query<{ statement: string }>(
      `SELECT format(
        'UPDATE %I.%I SET %s',
        table_schema,
        table_name,
        string_agg(format('%1$I = %1$I - make_interval(days => %2$s)', column_name, $1::integer), ', ')
      ) AS statement
      FROM information_schema.columns
      -- Of a view, which can be written to as well, they are a table's own.
      JOIN information_schema.tables USING (table_schema, table_name)
      WHERE table_schema = 'model_sync' AND table_type = 'BASE TABLE' AND data_type = 'timestamp with time zone'
      GROUP BY table_schema, table_name`,
      [days],
    )
    await client.query(['BEGIN', ...rows.map(({ statement }) => statement), 'COMMIT'].join(';\n'))
  } finally {
    await client.end()
  }
}
