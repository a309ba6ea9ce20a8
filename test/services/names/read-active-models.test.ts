/** A list of active models in which one model has very many rows. */
import t from 'tap'
import { readActiveModels } from '../../../src/services/names/read-active-models.js'
import { longestBlock } from '../../support/longest-block.js'

t.test('twenty thousand rows of one model: the newest names it, and nobody has to wait for it', async (t) => {
  const models = Array.from({ length: 20_000 }, (_, index) => ({
    Id: '0xaa',
    Name: `m${index}`,
    CreatedAt: 1_700_000_000 + index,
  }))
  const started = process.cpuUsage()
  const block = await longestBlock(async () => {
    const read = await readActiveModels({ models })
    t.equal(read.models.length, 1)
    t.match(read.models[0], { id: 'morpheus/0xaa', name: 'm19999' })
    t.equal(read.models[0]?.aliases.length, 19_999)
  })
  const cpuMs = Math.round(process.cpuUsage(started).user / 1000)
  t.ok(block < 100, `${block} ms`)
  t.ok(cpuMs < 4000, `${cpuMs} ms of CPU`)
})
