/** KeptEntries: the entries of an answer until they are written. Those of a large answer are packed, beside the heap. */
import { gunzipSync, gzip } from 'node:zlib'
import { promisify } from 'node:util'
import { LRUCache } from 'lru-cache'
import { Deferred } from '../../core/plan/deferred.js'
import { JsonList } from '../../store/json-list.js'
import { FetchProblem } from '../../upstream/fetch-problem.js'
import { MOST_AT_ONCE_BYTES, SentEntries } from '../../upstream/sent-entries.js'
import { collectorOfGarbage } from './collect-garbage.js'
import { pauses } from '../../pauses.js'

/** Bytes on the heap, about, up to which entries stay as they are: a body of 64 MiB, or the pages that anybody has had until now. */
const MOST_PLAIN_BYTES = { whole: MOST_AT_ONCE_BYTES, paged: 24 * 1024 * 1024 }
/** Each is a dozen objects besides, and so is what is read of it. */
const MOST_PLAIN_ENTRIES = 50_000

// Few enough that one is read quickly for the sake of a single entry, enough for what entries have in common.
const ENTRIES_PER_PACK = 50
const PACK_BYTES = 64 * 1024
// Each compression holds a quarter of a MiB from when it is asked for, and the thread pool works on four.
const COMPRESSIONS = 4
// Entries are read in the order they came in, once for each listing that has the model.
const PACKS_OPEN = 4
const compress = promisify<Buffer, { level: number }, Buffer>(gzip)

/** One entry, which can be read any number of times. */
export class KeptEntry<Entry = unknown> extends Deferred<Entry> {
  private index = 0

  /** @param place the entry itself, or the pack or the body that it is in */
  constructor(private place: unknown) {
    super()
  }

  read(): Entry {
    const { place } = this
    if (place instanceof SentEntries) return place.entryAt(this.index) as Entry
    return (place instanceof Pack ? place.read()[this.index] : place) as Entry
  }

  /** @internal */
  moveTo(pack: Pack, text = JSON.stringify(this.place)): void {
    this.place = pack
    this.index = pack.add(text)
  }

  /** @internal */
  stayIn(sent: SentEntries, index: number): void {
    this.place = sent
    this.index = index
  }
}

export class KeptEntries {
  /** Bytes of all packs. */
  private packedBytes = 0
  /** `null`: entries are packed from now on. */
  private plain: KeptEntry[] | null = []
  private plainBytes = 0
  /** There are some that are read from the body that they came in, so that none of their bytes is there twice. */
  areSent = false
  private readonly open = new LRUCache<Pack, unknown[]>({ max: PACKS_OPEN, memoMethod: (pack) => this.unpack(pack) })
  private pack = new Pack(this.open)
  private packing: Promise<void>[] = []
  private readonly collect = collectorOfGarbage()

  /** @param maxPackedBytes that all packs may have together */
  constructor(private readonly maxPackedBytes = Infinity) {}

  /** Whether reading an entry takes its time. */
  get packed(): boolean {
    return this.plain === null || this.areSent
  }

  /** `undefined`: there is nothing to wait for. @param text of the entry, JSON @throws FetchProblem when the packs become too large */
  keep(kept: KeptEntry, text: string): Promise<void> | undefined {
    if (this.plain === null) return this.put(kept, text)
    this.plain.push(kept)
    return undefined
  }

  /** An entry as it lies in the body. */
  keepSent(kept: KeptEntry, sent: SentEntries, index: number): void {
    this.areSent = true
    kept.stayIn(sent, index)
  }

  /** From now on, and what is there already. @throws as {@link keep} */
  async packAll(): Promise<void> {
    const { plain } = this
    if (plain === null) return
    this.plain = null
    const rest = pauses()
    for (const kept of plain) {
      await this.put(kept)
      await rest()
    }
  }

  /**
   * After each page.
   * @param bytes that its entries take on the heap, about
   * @param paged whether more may follow
   */
  async endPage(bytes: number, paged: boolean): Promise<void> {
    this.plainBytes += bytes
    const isLarge = this.plainBytes > MOST_PLAIN_BYTES[paged ? 'paged' : 'whole']
    if (isLarge || (this.plain?.length ?? 0) > MOST_PLAIN_ENTRIES) await this.packAll()
    if (this.plain === null) await this.settle()
  }

  private unpack(pack: Pack): unknown[] {
    this.collect()
    return pack.unpack()
  }

  private async put(kept: KeptEntry, text?: string): Promise<void> {
    kept.moveTo(this.pack, text)
    if (!this.pack.full) return
    this.collect()
    this.packing.push(this.close(this.pack))
    this.pack = new Pack(this.open)
    if (this.packing.length === COMPRESSIONS) await this.settle()
  }

  private async close(pack: Pack): Promise<void> {
    const bytes = await pack.close()
    this.packedBytes += bytes
  }

  private async settle(): Promise<void> {
    await Promise.all(this.packing)
    this.packing = []
    if (this.packedBytes > this.maxPackedBytes)
      throw new FetchProblem({ code: 'entries-too-large', facts: { maxBytes: this.maxPackedBytes } })
  }
}

class Pack {
  /** `null`: compressed. */
  private list: JsonList | null = new JsonList()
  private data: Buffer | null = null

  constructor(private readonly open: LRUCache<Pack, unknown[]>) {}

  get full(): boolean {
    return this.list === null || this.list.length >= ENTRIES_PER_PACK || this.list.byteLength >= PACK_BYTES
  }

  /** Returns its index. */
  add(text: string): number {
    this.list ??= new JsonList()
    return this.list.add(text)
  }

  /** Returns its bytes. */
  async close(): Promise<number> {
    const json = this.json()
    this.data = await compress(json, { level: 1 })
    this.list = null
    return this.data.length
  }

  read(): unknown[] {
    return this.list === null ? this.open.memo(this) : this.unpack()
  }

  unpack(): unknown[] {
    return JSON.parse(this.json().toString()) as unknown[]
  }

  private json(): Buffer {
    return this.data === null ? (this.list?.json() ?? Buffer.from('[]')) : gunzipSync(this.data)
  }
}
