/** The log of the command line: one readable line each, on stderr. */
import { pino, type Logger } from 'pino'
import { plain } from './plain.js'

interface Line {
  level: number
  msg?: string
  err?: { message?: string; stack?: string }
  [fact: string]: unknown
}

/** @param write one line, without its end @param verbose everything, with stacks; else from `level` on */
export function createLog(options: { level: string; verbose: boolean; write(line: string): void }): Logger {
  const level = options.verbose ? 'debug' : options.level
  const stream = { write: (json: string): void => options.write(format(JSON.parse(json) as Line, options.verbose)) }
  return pino({ level, base: null, timestamp: false }, stream)
}

function format({ level, msg = '', err, ...facts }: Line, verbose: boolean): string {
  const known = Object.entries(facts).filter(([, value]) => value !== null && value !== undefined)
  const told = known.map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const line = `${pino.levels.labels[level] ?? level}: ${msg}${told.length === 0 ? '' : ` (${told.join(', ')})`}`
  const reason = err?.message === undefined ? '' : `: ${err.message}`
  const stack =
    verbose && err?.stack !== undefined
      ? err.stack
          .split('\n')
          .map((part) => `\n${plain(part)}`)
          .join('')
      : ''
  return `${plain(line + reason)}${stack}`
}
