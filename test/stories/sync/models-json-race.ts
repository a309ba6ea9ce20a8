/** Several processes write one models.json and are killed at random, while a reader looks on. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Test } from 'tap'
import { program } from '../../support/program.js'

const WRITER = program(new URL('./models-json-writer.js', import.meta.url))
const LOCAL = Array.from({ length: 20 }, (_, index) => ({ Id: `local-${index}`, Name: `mine ${index}`, Stake: index }))

/** @param writes of each writer @param kills of all of them together */
export async function raceWriters(
  t: Test,
  { writers, writes, kills }: { writers: number; writes: number; kills: number },
): Promise<void> {
  const dir = await realpath(await mkdtemp(path.join(tmpdir(), 'models-json-race-')))
  t.teardown(() => rm(dir, { recursive: true, force: true }))
  const file = path.join(dir, 'models.json')
  await writeFile(file, JSON.stringify({ models: LOCAL }))

  const all = Array.from({ length: writers }, (_, index) => new Writer(file, `writer ${index}`, writes))
  t.teardown(() => all.forEach((writer) => writer.child?.kill('SIGKILL')))
  let reading = true
  const reader = watch(file, () => reading)
  const killer = killAtRandom(all, kills)
  await Promise.all(all.map((writer) => writer.run()))
  reading = false
  const [reads, killed] = await Promise.all([reader, killer])

  t.comment(`${reads.count} reads, ${killed} processes killed`)
  t.strictSame(reads.problems, [])
  t.equal(killed, kills)
  t.ok(reads.count > writes)
  const { models } = JSON.parse(await readFile(file, 'utf8')) as { models: { Id: string }[] }
  t.strictSame(
    models.filter(({ Id }) => Id.startsWith('local-')),
    LOCAL,
  )
  const names = await readdir(dir)
  t.equal(names.filter((name) => name.endsWith('.bak')).length, 5)
  t.notOk(names.some((name) => name.endsWith('.corrupt')))
  // The writer that is last in finds what the killed ones have left.
  t.notOk(names.some((name) => name.includes('.draft')))
}

class Writer {
  child: ChildProcess | null = null
  /** Writing, not only starting. */
  writing = false
  private done = 0

  constructor(
    private readonly file: string,
    private readonly name: string,
    private readonly writes: number,
  ) {}

  /** Until it has written often enough, in as many processes as that takes. @throws when one fails by itself */
  async run(): Promise<void> {
    while (this.done < this.writes) {
      const child = fork(WRITER.file, [this.file, this.name, String(this.done), String(this.writes)], {
        execArgv: WRITER.execArgv,
        env: { ...process.env, NODE_OPTIONS: '' },
      })
      this.child = child
      child.on('message', ({ count }: { count: number }) => {
        this.writing = true
        this.done = count
      })
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
      this.writing = false
      if (code !== 0 && signal !== 'SIGKILL') throw new Error(`${this.name} ended with ${code ?? signal}`)
    }
    this.child = null
  }
}

async function killAtRandom(writers: readonly Writer[], kills: number): Promise<number> {
  let killed = 0
  while (killed < kills) {
    await new Promise((resolve) => setTimeout(resolve, 5 + Math.random() * 60))
    if (writers.every(({ child }) => child === null) && killed > 0) return killed
    const writing = writers.filter((writer) => writer.writing)
    const victim = writing[Math.floor(Math.random() * writing.length)]
    if (victim?.child == null) continue
    victim.writing = false
    victim.child.kill('SIGKILL')
    killed += 1
  }
  return killed
}

async function watch(file: string, goesOn: () => boolean): Promise<{ count: number; problems: string[] }> {
  const problems: string[] = []
  let count = 0
  while (goesOn()) {
    const text = await readFile(file, 'utf8').catch((error: Error) => error.message)
    count += 1
    try {
      const { models } = JSON.parse(text) as { models: { Id: string }[] }
      const local = models.filter(({ Id }) => Id.startsWith('local-')).length
      if (local !== LOCAL.length) problems.push(`${local} local models`)
    } catch (error) {
      problems.push(`${(error as Error).message}: ${text.slice(0, 80)}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  return { count, problems: problems.slice(0, 5) }
}
