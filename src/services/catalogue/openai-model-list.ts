/** PublicModelList: the available models in OpenAI's shape, as the bytes of the answer, written once for each revision of the catalogue. */
import { SingleFlight } from '../single-flight.js'
import type { CatalogueService } from './catalogue-service.js'
import { toOpenaiEntries, type OpenaiIds } from '../../core/model/openai-entry.js'

export interface PublicList {
  /** Of what is in it: the revision and the price book. */
  version: string
  /** JSON, UTF-8. */
  body: Buffer
}

export class PublicModelList {
  private written: (PublicList & { revision: number }) | null = null
  private readonly writing = new SingleFlight(() => this.write())
  /** Counts what may have changed the catalogue: what was read before that is not kept. */
  private changes = 0

  constructor(
    private readonly catalogue: Pick<CatalogueService, 'revision' | 'bookVersion' | 'offered'>,
    private readonly ids: OpenaiIds,
  ) {}

  /** Callers share one read. */
  async get(): Promise<PublicList> {
    const { written } = this
    if (written !== null && written.version === versionOf(written.revision, await this.catalogue.bookVersion()))
      return written
    return this.writing.run()
  }

  /** The catalogue has this revision now; `null`: it may have changed. */
  changed(revision: number | null): void {
    if (revision !== null && revision === this.written?.revision) return
    this.changes += 1
    this.written = null
    this.writing.forget()
  }

  private async write(): Promise<PublicList> {
    const { changes } = this
    // The revision first: a sync between the two must not put an old body under a new ETag.
    const [revision, book] = await Promise.all([this.catalogue.revision(), this.catalogue.bookVersion()])
    const data = toOpenaiEntries(await this.catalogue.offered(), this.ids)
    const body = Buffer.from(JSON.stringify({ object: 'list', data }))
    const list = { revision, version: versionOf(revision, book), body }
    if (changes === this.changes) this.written = list
    return list
  }
}

function versionOf(revision: number, book: string | null): string {
  return book === null ? String(revision) : `${revision}-${book}`
}
