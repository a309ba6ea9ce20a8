/** The log of the reference backend: readable lines on a terminal where pino-pretty is installed, else JSON. */
import { pino, type DestinationStream, type Logger } from 'pino'
import { escapeUnseen, oneLine } from '../core/input/one-line.js'

/** @param stream default: stdout. Throws nothing. */
export async function openServerLog(level: string, stream?: DestinationStream): Promise<Logger> {
  const pretty = process.stdout.isTTY ? await import('pino-pretty').catch(() => null) : null
  if (pretty === null) return pino({ level, hooks: { streamWrite: escapeUnseen } }, stream)
  // In this thread: what was logged last is there when the process ends.
  return pino(
    { level, hooks: { streamWrite: keepToLines } },
    pretty.default({ ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', sync: true }),
  )
}

/** A line of the log before it is laid out: a stack keeps its lines, every other text is one. */
export function keepToLines(json: string): string {
  const kept: unknown = JSON.parse(json, (name, value: unknown) => {
    if (typeof value !== 'string') return value
    return name === 'stack' ? value.split('\n').map(oneLine).join('\n') : oneLine(value)
  })
  return `${JSON.stringify(kept)}\n`
}
