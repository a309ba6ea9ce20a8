/** Which of our child processes has a TCP connection from a port of this machine: an upstream learns who asks it. Linux only. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

/** @returns `null`: none of them, or it has ended */
export function processOfPort(port: number, pids: readonly number[]): number | null {
  const local = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const lines = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/net/${name}`, 'utf8').split('\n').slice(1))
  const inodes = new Set(
    lines
      .map((line) => line.trim().split(/\s+/))
      .filter(([, at]) => at?.endsWith(local))
      .map((words) => `socket:[${words[9]}]`),
  )
  const has = (pid: number): boolean => {
    const folder = `/proc/${pid}/fd`
    return readdirSync(folder).some((name) => inodes.has(linkOf(`${folder}/${name}`)))
  }
  return pids.find(has) ?? null
}

// Of a descriptor that is closed meanwhile there is none.
function linkOf(file: string): string {
  try {
    return readlinkSync(file)
  } catch {
    return ''
  }
}
