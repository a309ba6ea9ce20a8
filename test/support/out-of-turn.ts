/** outOfTurn: lets a second sync run beside the one in progress, as a program that shares no work with the replicas may. */
import type pg from 'pg'

export async function outOfTurn(pool: Pick<pg.Pool, 'query'>): Promise<void> {
  await pool.query("UPDATE model_sync.work SET lane = NULL, key = 'apart ' || id WHERE state = 'running'")
}
