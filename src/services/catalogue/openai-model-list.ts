/** OpenaiModelList: the available models in OpenAI's shape, as the bytes of the answer, written once for each state of the catalogue. */
import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import pLimit from 'p-limit'
import type { CatalogueService } from './catalogue-service.js'
import { toOpenaiEntry, type OpenaiIds } from '../../core/model/openai-entry.js'
import { SingleFlight } from '../single-flight.js'
import { inSlices, type Steps } from '../slices.js'

export interface OpenaiList {
  /** Names what is in it: the revision, the price book, and what the viewer's own keys add. */
  version: string
  /** JSON, UTF-8. */
  body: Buffer
}

interface Who {
  viewer: string | null
  teams: readonly string[]
}

/** Several providers may list one id; the provider with the lowest rank owns it. */
interface RankedJson {
  rank: number
  json: string
}

/** Bytes of all viewers' bodies together: thirty bodies of 10,000 models each. */
const KEPT_BYTES = 64 * 1024 * 1024
/** Entries that are written in one go, a millisecond's work. */
const STEP = 500

export class OpenaiModelList {
  private written: (OpenaiList & { revision: number }) | null = null
  private readonly writing = new SingleFlight(() => this.turn(() => this.writePublic()))
  /** By version, which no two viewers share. */
  private readonly own = new LRUCache<string, OpenaiList>({
    maxSize: KEPT_BYTES,
    sizeCalculation: ({ body }) => body.length,
  })
  private readonly writingOwn = new Map<string, Promise<OpenaiList>>()
  /** All entries are in memory while a body is written, so only one is written at a time. */
  private readonly turn = pLimit(1)
  /** Counts what may have changed the catalogue: what was read before that is not kept. */
  private changes = 0

  constructor(
    private readonly catalogue: Pick<CatalogueService, 'revision' | 'bookVersion' | 'ownVersion' | 'offeredPages'>,
    private readonly ids: OpenaiIds,
  ) {}

  /**
   * All models in one answer, as OpenAI's clients expect. Callers who see the same models share one read and one body, however many ask.
   * @param viewer `null`: nobody in particular
   * @param teams teams and access groups of who asks
   */
  async get(viewer: string | null, teams: readonly string[] = []): Promise<OpenaiList> {
    const keys = await this.catalogue.ownVersion(viewer)
    const own = [keys ?? [], teams.length === 0 ? [] : `t${digestOf(teams)}`].flat().join('-')
    return own === '' ? this.public() : this.ownOf({ viewer: keys === null ? null : viewer, teams }, own)
  }

  /** The catalogue has this revision now; `null`: it may have changed. */
  changed(revision: number | null): void {
    if (revision !== null && revision === this.written?.revision) return
    this.changes += 1
    this.written = null
    this.own.clear()
    // Callers from now on must not get what was read before.
    this.writing.forget()
    this.writingOwn.clear()
  }

  private async public(): Promise<OpenaiList> {
    const { written } = this
    if (written !== null && written.version === versionOf(written.revision, await this.catalogue.bookVersion()))
      return written
    return this.writing.run()
  }

  private async writePublic(): Promise<OpenaiList> {
    const { changes } = this
    // The revision first: a sync between the two must not put an old body under a new ETag.
    const [revision, book] = await Promise.all([this.catalogue.revision(), this.catalogue.bookVersion()])
    const list = { revision, version: versionOf(revision, book), body: await this.write({ viewer: null, teams: [] }) }
    if (changes === this.changes) this.written = list
    return list
  }

  private async ownOf(who: Who, own: string): Promise<OpenaiList> {
    const [revision, book] = await Promise.all([this.catalogue.revision(), this.catalogue.bookVersion()])
    const version = `${versionOf(revision, book)}-${own}`
    const shared = this.own.get(version) ?? this.writingOwn.get(version)
    if (shared !== undefined) return shared
    const { changes } = this
    const writing = this.turn(async () => {
      const list = { version, body: await this.write(who) }
      if (changes === this.changes) this.own.set(version, list)
      return list
    }).finally(() => {
      if (this.writingOwn.get(version) === writing) this.writingOwn.delete(version)
    })
    this.writingOwn.set(version, writing)
    return writing
  }

  private async write(who: Who): Promise<Buffer> {
    const entries = new Map<string, RankedJson>()
    for await (const page of this.catalogue.offeredPages(who))
      for (const { model, rank } of page) {
        const entry = toOpenaiEntry(model, this.ids)
        const other = entries.get(entry.id)
        if (other === undefined || rank < other.rank) entries.set(entry.id, { rank, json: JSON.stringify(entry) })
      }
    return inSlices(joined(entries))
  }
}

function* joined(entries: ReadonlyMap<string, RankedJson>): Steps<Buffer> {
  const ids = [...entries.keys()].sort()
  const parts = [Buffer.from('{"object":"list","data":[')]
  for (let start = 0; start < ids.length; start += STEP) {
    const texts = ids.slice(start, start + STEP).map((id) => entries.get(id)!.json)
    parts.push(Buffer.from(`${start === 0 ? '' : ','}${texts.join(',')}`))
    yield
  }
  parts.push(Buffer.from(']}'))
  return Buffer.concat(parts)
}

/** The same for the same teams in any order. */
function digestOf(teams: readonly string[]): string {
  return hash('sha256', JSON.stringify([...new Set(teams)].sort()), 'hex').slice(0, 16)
}

function versionOf(revision: number, book: string | null): string {
  return book === null ? String(revision) : `${revision}-${book}`
}
