/** collectorOfGarbage: lets V8 collect before the garbage of large work is several hundred MiB. */
import { getHeapStatistics } from 'node:v8'

const MIB = 1024 * 1024
/** How far the heap may grow until V8 is asked to collect. */
const GROWTH = 64 * MIB
/**
 * V8 would wait until the heap is two to four times what lives. Asked for memory outside of its heap, it begins to collect; nobody writes to that
 * memory, so that it takes none.
 */
const ASKED_FOR = 66 * MIB

/** A function to be called now and then, some microseconds each time. */
export function collectorOfGarbage(): () => void {
  let least = Infinity
  return () => {
    const used = getHeapStatistics().used_heap_size
    least = Math.min(least, used)
    if (used - least < GROWTH) return
    // Where all of it lives, it is as much again until the next time.
    least = used
    void new ArrayBuffer(ASKED_FOR)
  }
}
