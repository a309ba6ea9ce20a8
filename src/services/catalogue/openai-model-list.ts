/** OpenaiModelList: the available models in OpenAI's shape, as the bytes of the answer, written once for each state of the catalogue. */
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
   */
  async get(viewer: string | null): Promise<OpenaiList> {
    const own = await this.catalogue.ownVersion(viewer)
    return own === null ? this.public() : this.ownOf(viewer, own)
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
    const list = { revision, version: versionOf(revision, book), body: await this.write(null) }
    if (changes === this.changes) this.written = list
    return list
  }

  private async ownOf(viewer: string | null, own: string): Promise<OpenaiList> {
    const [revision, book] = await Promise.all([this.catalogue.revision(), this.catalogue.bookVersion()])
    const version = `${versionOf(revision, book)}-${own}`
    const shared = this.own.get(version) ?? this.writingOwn.get(version)
    if (shared !== undefined) return shared
    const { changes } = this
    const writing = this.turn(async () => {
      const list = { version, body: await this.write(viewer) }
      if (changes === this.changes) this.own.set(version, list)
      return list
    }).finally(() => {
      if (this.writingOwn.get(version) === writing) this.writingOwn.delete(version)
    })
    this.writingOwn.set(version, writing)
    return writing
  }

  private async write(viewer: string | null): Promise<Buffer> {
    const entries = new Map<string, RankedJson>()
    for await (const page of this.catalogue.offeredPages({ viewer }))
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

function versionOf(revision: number, book: string | null): string {
  return book === null ? String(revision) : `${revision}-${book}`
}
