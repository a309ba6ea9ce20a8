/** Asks a person a question that is answered by yes or no. */
import { createInterface } from 'node:readline/promises'

/**
 * @param stdin where the answer is typed; no terminal: nobody is asked, and the answer is yes, so that a cron job never waits
 * @param stderr where the question stands, since stdout may be piped
 */
export async function confirm(
  question: string,
  { stdin, stderr, signal }: { stdin: NodeJS.ReadStream; stderr: NodeJS.WriteStream; signal: AbortSignal },
): Promise<boolean> {
  if (!stdin.isTTY || !stderr.isTTY) return true
  const lines = createInterface({ input: stdin, output: stderr })
  // A terminal in readline's hands reports Ctrl-C to it alone.
  lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
  try {
    return /^\s*y(es)?\s*$/i.test(await lines.question(`${question} [y/N] `, { signal }))
  } finally {
    lines.close()
  }
}
