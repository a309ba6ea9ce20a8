/** A pino logger whose lines stay in memory, for tests that read the log. */
import { pino, type Logger } from 'pino'

interface LogLine {
  /** 10 trace, 30 info, 40 warn, 50 error. */
  level: number
  msg: string
  [member: string]: unknown
}

export interface LogCapture {
  logger: Logger
  /** As it was written, for searches. */
  text(): string
  lines(): LogLine[]
  /** The messages from this level on, in their order. */
  messages(level?: number): string[]
  /** Resolves with the first line that has this message, also one that is to come within `ms`. */
  waitFor(message: string | RegExp, ms?: number): Promise<LogLine>
  clear(): void
}

export function captureLog(level = 'trace'): LogCapture {
  let written: string[] = []
  const capture: LogCapture = {
    logger: pino({ level }, { write: (line: string) => void written.push(line) }),
    text: () => written.join(''),
    lines: () => written.map((line) => JSON.parse(line) as LogLine),
    messages: (least = 10) =>
      capture
        .lines()
        .filter((line) => line.level >= least)
        .map(({ msg }) => msg),
    waitFor: async (message, ms = 10_000) => {
      const fits = ({ msg }: LogLine): boolean => (typeof message === 'string' ? msg === message : message.test(msg))
      for (const until = Date.now() + ms; Date.now() < until;) {
        const found = capture.lines().find(fits)
        if (found !== undefined) return found
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      throw new Error(`"${message}" was not logged within ${ms} ms; the log:\n${capture.messages().join('\n')}`)
    },
    clear: () => void (written = []),
  }
  return capture
}
