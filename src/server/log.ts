/** The log of the reference backend: readable lines on a terminal where pino-pretty is installed, else JSON. */
import { pino, type Logger } from 'pino'

/** Throws nothing. */
export async function openServerLog(level: string): Promise<Logger> {
  const pretty = process.stdout.isTTY ? await import('pino-pretty').catch(() => null) : null
  if (pretty === null) return pino({ level })
  // In this thread: what was logged last is there when the process ends.
  return pino({ level }, pretty.default({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }))
}
