/** What a person sees while a command works, on stderr: a bar per provider on a terminal, plain lines otherwise. */
import type { SyncObserver } from '../backend/backend.js'
import { drawBars, type Reading } from './progress-bars.js'
import { count } from './plain.js'
import type { Output } from './output.js'

// As often as an eye can follow; more would only flicker.
const REDRAW_MS = 100
const CLEAR_LINE = '\u001b[2K'
const UP = '\u001b[1A'

export class Progress implements SyncObserver {
  private readonly readings = new Map<string, Reading>()
  private timer: NodeJS.Timeout | null = null
  private drawn = 0

  constructor(
    private readonly stream: NodeJS.WriteStream,
    private readonly paint: Output['paint'],
    /** Nobody asked for lines of progress, as with `--json`. */
    private readonly quiet: boolean,
  ) {}

  /** A line that stays, above the bars. */
  line(text: string): void {
    this.clear()
    this.stream.write(`${text}\n`)
    this.draw()
  }

  started(providers: readonly { slug: string; expected: number }[]): void {
    for (const { slug, expected } of providers) this.readings.set(slug, { slug, expected, entries: 0, finished: false })
    if (this.quiet || providers.length === 0) return
    if (!this.hasBars)
      return this.line(`Asking ${count(providers.length, 'provider')}: ${providers.map(({ slug }) => slug).join(', ')}`)
    this.draw()
    this.timer = setInterval(() => {
      this.clear()
      this.draw()
    }, REDRAW_MS)
  }

  read(slug: string, entries: number): void {
    this.readingOf(slug).entries += entries
  }

  finished(slug: string): void {
    const reading = this.readingOf(slug)
    reading.finished = true
    if (!this.quiet && !this.hasBars) this.line(`${slug}: read ${count(reading.entries, 'entry', 'entries')}`)
  }

  /** Takes the bars away. */
  done(): void {
    if (this.timer !== null) clearInterval(this.timer)
    this.timer = null
    this.clear()
    this.readings.clear()
  }

  private get hasBars(): boolean {
    return this.stream.isTTY && !this.quiet
  }

  /** A plan that is carried out does not say beforehand whom it asks. */
  private readingOf(slug: string): Reading {
    const known = this.readings.get(slug)
    if (known !== undefined) return known
    const reading = { slug, expected: 0, entries: 0, finished: false }
    this.readings.set(slug, reading)
    return reading
  }

  private draw(): void {
    if (!this.hasBars || this.readings.size === 0) return
    const size = { rows: this.stream.rows, columns: this.stream.columns }
    const lines = drawBars([...this.readings.values()], size, this.paint)
    this.stream.write(lines.map((line) => `${line}\n`).join(''))
    this.drawn = lines.length
  }

  private clear(): void {
    if (this.drawn > 0) this.stream.write(`${UP}${CLEAR_LINE}`.repeat(this.drawn))
    this.drawn = 0
  }
}
