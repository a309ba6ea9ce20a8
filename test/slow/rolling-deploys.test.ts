/** The full size of the rolling deploys that `npm test` tries a few of. */
import t from 'tap'
import { rollingDeploys } from '../stories/sync/rolling-deploys.js'

t.setTimeout(600_000)

for (const seed of [2, 3, 4]) t.test(`seed ${seed}`, (t) => rollingDeploys(t, { deploys: 200, seed }))
