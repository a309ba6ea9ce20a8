/** A process that holds the lock on a file until it is killed. */
import { lockFile } from '../../src/file-locks/file-lock.js'

await lockFile(process.argv[2]!, { waitMs: 5000 })
process.send?.('held')
// The lock alone keeps no process alive.
setInterval(() => undefined, 60_000)
