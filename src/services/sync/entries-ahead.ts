/** EntriesAhead: entries of a large answer, compressed while they are at hand, since reading them again takes as long as all else of them. */
import { EntryPacker, type EntryChunk } from '../../store/models/upstream-entries.js'

/** What shrinks as entries do is a tenth of an answer; what does not is read again. */
const MOST_BYTES = 32 * 1024 * 1024

export class EntriesAhead {
  private readonly packer = new EntryPacker()
  private bytes = 0

  /** @param chunks where they come to be @param wanted otherwise there is no room at all */
  constructor(
    private readonly chunks: EntryChunk[],
    private readonly wanted: boolean,
  ) {}

  get hasRoom(): boolean {
    return this.wanted && this.bytes < MOST_BYTES
  }

  /** @param json `null`: none is to be kept */
  async add(providerModelId: string, json: string | null): Promise<void> {
    const packing = this.packer.add([providerModelId, { json, digest: null }])
    if (packing !== undefined) this.take(await packing)
  }

  async end(): Promise<void> {
    this.take(await this.packer.end())
  }

  private take(chunks: readonly EntryChunk[]): void {
    for (const chunk of chunks) {
      this.bytes += chunk.data?.length ?? 0
      this.chunks.push(chunk)
    }
  }
}
