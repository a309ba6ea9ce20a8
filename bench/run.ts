/** Runs the benchmarks that are named, or all of them: `npm run bench -- sync 1000 10000`. Numbers are the sizes for those that take some. */
import { benchFleet } from './fleet.js'
import { benchPlan } from './plan.js'
import { benchProviders } from './providers.js'
import { benchResolve } from './resolve.js'
import { benchSync } from './sync.js'
import { benchWork } from './work.js'

const BENCHMARKS: Readonly<Record<string, (sizes: readonly number[]) => Promise<void>>> = {
  fleet: benchFleet,
  plan: benchPlan,
  providers: benchProviders,
  resolve: benchResolve,
  sync: benchSync,
  work: benchWork,
}

const words = process.argv.slice(2)
const sizes = words.filter((word) => /^\d+$/.test(word)).map(Number)
const names = words.filter((word) => !/^\d+$/.test(word))
const unknown = names.find((name) => !Object.hasOwn(BENCHMARKS, name))
if (unknown !== undefined)
  throw new Error(`there is no benchmark "${unknown}"; there are ${Object.keys(BENCHMARKS).join(', ')}`)
for (const [name, run] of Object.entries(BENCHMARKS)) {
  if (names.length > 0 && !names.includes(name)) continue
  console.log(`\n== ${name}`)
  await run(sizes)
}
