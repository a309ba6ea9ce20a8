/** KeptEntries: the entries of an answer until they are written. Those of a large answer are packed, beside the heap. */
import { gunzipSync, gzip } from 'node:zlib'
import { promisify } from 'node:util'
import { LRUCache } from 'lru-cache'
import { JsonList } from '../../store/json-list.js'
import { pauses } from '../../pauses.js'

/** Bytes on the heap, about, up to which entries stay as they are: a body of 64 MiB, or the pages that anybody has had until now. */
const MOST_PLAIN_BYTES = { whole: 96 * 1024 * 1024, paged: 24 * 1024 * 1024 }

// Few enough that one is read quickly for the sake of a single entry, enough for what entries have in common.
const ENTRIES_PER_PACK = 50
const PACK_BYTES = 64 * 1024
// Each compression holds a quarter of a MiB from when it is asked for, and the thread pool works on four.
const COMPRESSIONS = 4
// Entries are read in the order they came in, once for each listing that has the model.
const PACKS_OPEN = 4
/**
 * What is unpacked is garbage soon, of which V8 lets several hundred MiB pile up before it collects. Asked for memory outside of its heap, it
 * begins to; nobody writes to that memory, so that it takes none.
 */
const COLLECTION = { everyBytes: 96 * 1024 * 1024, asksFor: 66 * 1024 * 1024 }

const compress = promisify<Buffer, { level: number }, Buffer>(gzip)

/** One entry, which can be read any number of times. */
export class KeptEntry {
  private index = 0

  /** @param place the entry itself, or the pack that it is in */
  constructor(private place: unknown) {}

  read(): unknown {
    return this.place instanceof Pack ? this.place.read()[this.index] : this.place
  }

  /** @internal */
  moveTo(pack: Pack, text = JSON.stringify(this.place)): void {
    this.place = pack
    this.index = pack.add(text)
  }
}

export class KeptEntries {
  /** `null`: entries are packed from now on. */
  private plain: KeptEntry[] | null = []
  private plainBytes = 0
  private readonly open = new LRUCache<Pack, unknown[]>({ max: PACKS_OPEN, memoMethod: (pack) => this.unpack(pack) })
  private pack = new Pack(this.open)
  private packing: Promise<void>[] = []
  private unpackedBytes = 0

  /** Whether reading an entry takes its time. */
  get packed(): boolean {
    return this.plain === null
  }

  /** `undefined`: there is nothing to wait for. @param text of the entry, JSON */
  keep(kept: KeptEntry, text: string): Promise<void> | undefined {
    if (this.plain === null) return this.put(kept, text)
    this.plain.push(kept)
    return undefined
  }

  /**
   * After each page.
   * @param bytes that its entries take on the heap, about
   * @param paged whether more may follow
   */
  async endPage(bytes: number, paged: boolean): Promise<void> {
    const { plain } = this
    if (plain !== null) {
      this.plainBytes += bytes
      if (this.plainBytes <= MOST_PLAIN_BYTES[paged ? 'paged' : 'whole']) return
      this.plain = null
      const rest = pauses()
      for (const kept of plain) {
        await this.put(kept)
        await rest()
      }
    }
    await this.settle()
  }

  private unpack(pack: Pack): unknown[] {
    this.unpackedBytes += pack.length
    if (this.unpackedBytes > COLLECTION.everyBytes) {
      this.unpackedBytes = 0
      void new ArrayBuffer(COLLECTION.asksFor)
    }
    return pack.unpack()
  }

  private async put(kept: KeptEntry, text?: string): Promise<void> {
    kept.moveTo(this.pack, text)
    if (!this.pack.full) return
    this.packing.push(this.pack.close())
    this.pack = new Pack(this.open)
    if (this.packing.length === COMPRESSIONS) await this.settle()
  }

  private async settle(): Promise<void> {
    await Promise.all(this.packing)
    this.packing = []
  }
}

class Pack {
  /** Bytes of JSON. */
  length = 0
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

  async close(): Promise<void> {
    const json = this.json()
    this.length = json.length
    this.data = await compress(json, { level: 1 })
    this.list = null
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
