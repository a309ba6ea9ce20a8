/** WrittenList: the available models in one shape, as the bytes of the answer, written once for each state of the catalogue. */
import { hash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import pLimit from 'p-limit'
import type { CatalogueService } from './catalogue-service.js'
import { listText, type ListFormat } from '../../core/model/list-format.js'
import { listedId, type OpenaiIds } from '../../core/model/openai-entry.js'
import { SingleFlight } from '../single-flight.js'
import { inSlices, type Steps } from '../slices.js'
import { sortSteps } from '../sort-steps.js'

export interface List {
  /** Names what is in it: the revision, the price book, and what the viewer's own keys add. */
  version: string
  /** UTF-8. */
  body: Buffer
}

interface Who {
  viewer: string | null
  teams: readonly string[]
}

/** Several providers may list one id; the provider with the lowest rank owns it. */
interface RankedPieces {
  rank: number
  pieces: readonly string[] | null
}

/** How the models are listed, and which. */
export interface Listed {
  /** Tells its bodies from those of other lists. */
  name: string
  format: ListFormat
  ids: OpenaiIds
  /** Slug of the only provider whose models are listed; unset: every provider's. */
  provider?: string | undefined
}

/** Bytes of all viewers' bodies of all lists together: thirty bodies of 10,000 models each. */
const KEPT_BYTES = 64 * 1024 * 1024

/** Bodies for those who see more than everybody, by list and version, which no two viewers share. */
export type OwnBodies = LRUCache<string, List>

export function ownBodies(): OwnBodies {
  return new LRUCache({ maxSize: KEPT_BYTES, sizeCalculation: ({ body }) => body.length })
}

/** Pieces that are written in one go, a millisecond's work. */
const STEP = 500

export class WrittenList {
  private written: (List & { revision: number }) | null = null
  private readonly writing = new SingleFlight(() => this.turn(() => this.writePublic()))
  private readonly writingOwn = new Map<string, Promise<List>>()
  /** All entries are in memory while a body is written, so only one is written at a time. */
  private readonly turn = pLimit(1)
  /** Counts what may have changed the catalogue: what was read before that is not kept. */
  private changes = 0

  constructor(
    private readonly catalogue: Pick<CatalogueService, 'revision' | 'bookVersion' | 'ownVersion' | 'offeredPages'>,
    private readonly listed: Listed,
    private readonly own: OwnBodies = ownBodies(),
  ) {}

  /**
   * All models in one answer. Callers who see the same models share one read and one body, however many ask.
   * @param viewer `null`: nobody in particular
   * @param teams teams and access groups of who asks
   */
  async get(viewer: string | null, teams: readonly string[] = []): Promise<List> {
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

  private async public(): Promise<List> {
    const { written } = this
    if (written !== null && written.version === versionOf(written.revision, await this.catalogue.bookVersion()))
      return written
    return this.writing.run()
  }

  private async writePublic(): Promise<List> {
    const { changes } = this
    // The revision first: a sync between the two must not put an old body under a new ETag.
    const [revision, book] = await Promise.all([this.catalogue.revision(), this.catalogue.bookVersion()])
    const list = { revision, version: versionOf(revision, book), body: await this.write({ viewer: null, teams: [] }) }
    if (changes === this.changes) this.written = list
    return list
  }

  private async ownOf(who: Who, own: string): Promise<List> {
    const [revision, book] = await Promise.all([this.catalogue.revision(), this.catalogue.bookVersion()])
    const version = `${versionOf(revision, book)}-${own}`
    const key = `${this.listed.name} ${version}`
    const shared = this.own.get(key) ?? this.writingOwn.get(version)
    if (shared !== undefined) return shared
    const { changes } = this
    const writing = this.turn(async () => {
      const list = { version, body: await this.write(who) }
      if (changes === this.changes) this.own.set(key, list)
      return list
    }).finally(() => {
      if (this.writingOwn.get(version) === writing) this.writingOwn.delete(version)
    })
    this.writingOwn.set(version, writing)
    return writing
  }

  private async write(who: Who): Promise<Buffer> {
    const { format, ids, provider } = this.listed
    const entries = new Map<string, RankedPieces>()
    for await (const page of this.catalogue.offeredPages({ ...who, provider }))
      for (const { model, rank } of page) {
        const id = listedId(model, ids)
        const other = entries.get(id)
        if (other === undefined || rank < other.rank) entries.set(id, { rank, pieces: format.pieces(model, id) })
      }
    return inSlices(joined(format, entries))
  }
}

function* joined(format: ListFormat, entries: ReadonlyMap<string, RankedPieces>): Steps<Buffer> {
  const ids = yield* sortSteps([...entries.keys()], (a, b) => (a < b ? -1 : 1))
  const listed = ids.map((id) => entries.get(id)!.pieces).filter((pieces) => pieces !== null)
  const parts: Buffer[] = []
  let texts: string[] = []
  for (const text of listText(format, listed)) {
    if (texts.push(text) < STEP) continue
    parts.push(Buffer.from(texts.join('')))
    texts = []
    yield
  }
  parts.push(Buffer.from(texts.join('')))
  return Buffer.concat(parts)
}

/** The same for the same teams in any order. */
function digestOf(teams: readonly string[]): string {
  return hash('sha256', JSON.stringify([...new Set(teams)].sort()), 'hex').slice(0, 16)
}

function versionOf(revision: number, book: string | null): string {
  return book === null ? String(revision) : `${revision}-${book}`
}
