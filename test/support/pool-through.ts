/** A pool whose statements go through a function of the test's: to count them, to hold them up, to refuse them. */
import type { QueryConfig } from 'pg'
import type { DatabasePool } from '../../src/store/database.js'

export function poolThrough(answer: (text: string, values: unknown[]) => Promise<unknown>): DatabasePool {
  const client = {
    query: ({ text, values = [] }: QueryConfig) => answer(text, values as unknown[]),
    on: () => client,
    off: () => client,
    release: () => undefined,
  }
  return { connect: async () => client } as unknown as DatabasePool
}
