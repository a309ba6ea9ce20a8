/** FieldsRoom: of how many models of a large answer the fields stay at hand; of further ones they are read again when they are wanted. */
import type { DesiredFields } from '../../core/model/model-fields.js'

/** Bytes on the heap, about. A second reading costs more than all else, so that no fewer are kept than can be. */
const MOST_BYTES = 64 * 1024 * 1024
const BYTES_PER_VALUE = 32
/** And for each of its members. */
const BYTES_PER_LIST = 128

export class FieldsRoom {
  private bytes = 0

  /**
   * @param bounded otherwise there is room for all
   * @param some whether there is any: beside packs, and objects of two hundred thousand entries, the heap would become too large
   */
  constructor(
    private readonly bounded: boolean,
    private readonly some: boolean,
  ) {}

  /** Whether there is room for these as well. */
  takes(fields: DesiredFields): boolean {
    if (!this.bounded) return true
    this.bytes += this.some ? bytesOf(fields) : 0
    return this.some && this.bytes <= MOST_BYTES
  }
}

/** About; a description is the largest of them by far. */
function bytesOf(fields: DesiredFields): number {
  let bytes = 0
  for (const name in fields) {
    const value: unknown = fields[name as keyof DesiredFields]
    if (typeof value === 'string') bytes += BYTES_PER_VALUE + value.length
    else bytes += Array.isArray(value) ? BYTES_PER_LIST * (1 + value.length) : BYTES_PER_VALUE
  }
  return bytes
}
