/** What goes to stdout: text, tables, JSON; nothing more is written once the reader has gone (`model-sync list | head`). */
import { once } from 'node:events'
import { styleText } from 'node:util'
import { escapeUnseen } from '../../core/input/one-line.js'

export type Paint = Parameters<typeof styleText>[0]

export class Output {
  /** The reader has gone. */
  closed = false

  constructor(private readonly stream: NodeJS.WriteStream) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      this.closed = true
    })
  }

  /** Waits until the reader has room for more. */
  async write(text: string): Promise<void> {
    if (this.closed || this.stream.write(text)) return
    // Whichever comes first, the listeners for the others go too: a slow reader makes a catalogue wait thousands of times.
    const waiting = new AbortController()
    const events = ['drain', 'error', 'close'].map((event) => once(this.stream, event, { signal: waiting.signal }))
    await Promise.race(events).catch(() => undefined)
    waiting.abort()
    await Promise.allSettled(events)
  }

  line(text = ''): Promise<void> {
    return this.write(`${text}\n`)
  }

  /** One document. */
  json(value: unknown): Promise<void> {
    return this.line(toJson(value, 2))
  }

  /** `{"<name>": [ … ], …rest}`, member by member, since a catalogue may be large. @param rest asked for at the end */
  async jsonList(name: string, members: AsyncIterable<unknown>, rest: () => object = () => ({})): Promise<void> {
    await this.write(`{\n  ${JSON.stringify(name)}: [`)
    let separator = '\n    '
    for await (const member of members) {
      if (this.closed) return
      await this.write(`${separator}${toJson(member)}`)
      separator = ',\n    '
    }
    const others = Object.entries(rest()).map(([key, value]) => `,\n  ${JSON.stringify(key)}: ${toJson(value)}`)
    await this.line(`\n  ]${others.join('')}\n}`)
  }

  /** Coloured when the stream is a terminal that shows colours, and NO_COLOR is not set. */
  paint(format: Paint, text: string): string {
    return styleText(format, text, { stream: this.stream, validateStream: true })
  }
}

function toJson(value: unknown, indent = 0): string {
  return escapeUnseen(JSON.stringify(value, null, indent))
}
