/** Four processes write one models.json 200 times each and are killed at random. */
import t from 'tap'
import { raceWriters } from '../stories/sync/models-json-race.js'

t.setTimeout(180_000)
t.test('whole JSON at every moment, and no local model lost', (t) =>
  raceWriters(t, { writers: 4, writes: 200, kills: 25 }),
)
