/** A small race for models.json; test/slow has the long one. */
import t from 'tap'
import { raceWriters } from './models-json-race.js'

t.test('three processes, killed at random', (t) => raceWriters(t, { writers: 3, writes: 20, kills: 4 }))
