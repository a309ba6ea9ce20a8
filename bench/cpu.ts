/** CPU time, which a busy machine moves less than the clock's. */
import { readdirSync, readFileSync } from 'node:fs'

/**
 * ms of CPU that the connections of a PostgreSQL server on this machine have taken so far; what it does by itself, such as checkpoints, is left out.
 * @param pid of the server
 * @returns NaN where the system has no /proc
 */
export function serverCpu(pid: number): number {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .reduce((sum, name) => sum + connectionCpu(name, pid), 0)
  } catch {
    return Number.NaN
  }
}

function connectionCpu(name: string, server: number): number {
  try {
    // The command's name, in parentheses, may hold blanks; the parent's id is the second field behind it.
    const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ')
    if (Number(parent) !== server || !readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('127.0.0.1(')) return 0
    return Number(readFileSync(`/proc/${name}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  } catch {
    // It ended while it was looked at.
    return 0
  }
}
