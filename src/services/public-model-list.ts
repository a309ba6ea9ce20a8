/** PublicModelList: the available models in OpenAI's shape, as the bytes of the answer, written once for each revision of the catalogue. */
import type { CatalogueService } from './catalogue-service.js'

export interface PublicList {
  revision: number
  /** JSON, UTF-8. */
  body: Buffer
}

export class PublicModelList {
  private written: PublicList | null = null
  private writing: Promise<PublicList> | null = null
  /** Counts what may have changed the catalogue: what was read before that is not kept. */
  private changes = 0

  constructor(private readonly catalogue: Pick<CatalogueService, 'revision' | 'publicIds'>) {}

  /** Callers share one read. */
  get(): Promise<PublicList> | PublicList {
    if (this.written !== null) return this.written
    if (this.writing !== null) return this.writing
    const writing = this.write().finally(() => {
      if (this.writing === writing) this.writing = null
    })
    this.writing = writing
    return writing
  }

  /** The catalogue has this revision now; `null`: it may have changed. */
  changed(revision: number | null): void {
    if (revision !== null && revision === this.written?.revision) return
    this.changes += 1
    this.written = null
    // Who asks from now on must not get what was read before.
    this.writing = null
  }

  private async write(): Promise<PublicList> {
    const { changes } = this
    // The revision first: a sync between the two must not put an old body under a new ETag.
    const revision = await this.catalogue.revision()
    const data = (await this.catalogue.publicIds()).map(({ id, created, ownedBy }) => ({
      id,
      object: 'model',
      created,
      owned_by: ownedBy,
    }))
    const list = { revision, body: Buffer.from(JSON.stringify({ object: 'list', data })) }
    if (changes === this.changes) this.written = list
    return list
  }
}
