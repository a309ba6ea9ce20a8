/** Rolling deploys of an upstream at random, half of them taken back, while several processes sync: the next sync after each must end at what it lists. */
import type { Test } from 'tap'
import { createPostgresDatabase } from '../../support/databases.js'
import { startHost } from '../../support/host.js'
import { heldUpstream } from '../../support/held-upstream.js'
import { random } from '../../support/litellm-rows.js'

const BASE = ['gpt-4o', 'gpt-4o-mini', 'o1', 'o3', 'o4-mini']

export async function rollingDeploys(t: Test, { deploys, seed }: { deploys: number; seed: number }): Promise<void> {
  const chance = random(seed)
  const database = await createPostgresDatabase(t)
  const upstream = await heldUpstream(t)
  const settings = {
    providers: ['openai'],
    providerOptions: { openai: { baseUrl: upstream.url, apiKey: 'sk-openai-0123456789' } },
  }
  const replicas = [await startHost(t, database, { settings }), await startHost(t, database, { settings })]
  let stands = [...BASE, 'gpt-5']
  upstream.serve(stands)
  await replicas[0]!.sync()
  for (let deploy = 1; deploy <= deploys; deploy++) {
    const next = [...BASE, `gpt-5.${deploy}`]
    const goal = chance() < 0.5 ? next : stands
    let newInstances = 0
    upstream.serve(() => ({
      ids: chance() < newInstances ? next : stands,
      // Some answers take much longer than others.
      afterMs: chance() < 0.3 ? chance() * 40 : 0,
    }))
    const syncs: Promise<unknown>[] = []
    for (const part of goal === next ? [0.3, 0.7, 1] : [0.3, 0.7, 0.3, 0]) {
      newInstances = part
      for (const replica of replicas) syncs.push(replica.sync())
      await new Promise((resolve) => setTimeout(resolve, chance() * 30))
    }
    await Promise.all(syncs)
    await replicas[deploy % 2]!.sync()
    const [model] = [...(await replicas[0]!.models()).values()].filter(
      ({ providerModelId, availability }) => providerModelId.startsWith('gpt-5') && availability === 'available',
    )
    if (model?.providerModelId !== goal.at(-1))
      t.fail(`deploy ${deploy} of seed ${seed} ended at ${model?.providerModelId}, not at ${goal.at(-1)}`)
    stands = goal
  }
  t.pass(`${deploys} deploys`)
}
