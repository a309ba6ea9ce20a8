/** The merge of models.json: each case of its table, and what must hold for any file. */
import fc from 'fast-check'
import { parse, stringify } from 'lossless-json'
import t from 'tap'
import { drained } from '../../support/drained.js'
import { mergeModelsJson, type ModelsJsonEntry } from '../../../src/core/models-json/merge.js'

const merge = (local: unknown[], upstream: ModelsJsonEntry[]) => drained(mergeModelsJson(local, upstream))

t.test('a new entry, one that changed, one that did not, and local ones behind them', (t) => {
  const local = [
    { Id: '0xL1', Name: 'mine' },
    { Id: '0xaa', Name: 'same', Fee: 1 },
    { Id: '0xbb', Name: 'changed', Fee: 1 },
    { Id: '0xL2', Name: 'mine too' },
  ]
  const upstream = [
    { Id: '0xcc', Name: 'new' },
    { Id: '0xbb', Name: 'changed', Fee: 2 },
    { Id: '0xaa', Name: 'same', Fee: 1 },
  ]
  const { models, ...rest } = merge(local, upstream)
  t.strictSame(models, [upstream[0], upstream[1], local[1], local[0], local[3]])
  t.strictSame(rest, {
    added: ['new'],
    updated: ['changed'],
    unchanged: ['same'],
    localOnly: ['mine', 'mine too'],
    same: false,
  })
  t.equal(merge(models, upstream).same, true)
  t.end()
})

t.test('an alias that shares its Id with an upstream entry stays, also when only it was there', (t) => {
  const alias = { Id: '0xAA', Name: 'nickname' }
  const upstream = [{ Id: '0xaa', Name: 'proper', Fee: 1 }]
  const first = merge([alias], upstream)
  t.strictSame(first.models, [upstream[0], alias])
  t.match(first, { added: ['proper'], updated: [], localOnly: ['nickname'] })
  t.equal(merge(first.models, upstream).same, true)
  t.end()
})

t.test('Ids and names in another case are the same; an entry without a name is the one with its Id', (t) => {
  t.strictSame(merge([{ Id: '0xAB', Name: 'Whisper-1' }], [{ Id: '0xab', Name: 'whisper-1' }]).models, [
    { Id: '0xab', Name: 'whisper-1' },
  ])
  t.strictSame(merge([{ Id: '0xab', note: 'ours' }], [{ Id: '0xab', Name: 'x' }]).models, [
    { Id: '0xab', Name: 'x', note: 'ours' },
  ])
  t.same(merge([{ Id: 'Plain', Name: 'x' }], [{ Id: 'plain', Name: 'x' }]).models.length, 2, 'only hex has no case')
  t.end()
})

t.test('members that only the file has are kept; what upstream says wins, whatever the order of members', (t) => {
  const local = [{ apiType: 'ours', Fee: 1, Id: '0xaa', Name: 'a', Tags: ['old'] }]
  t.strictSame(merge(local, [{ Id: '0xaa', Name: 'a', Fee: 1, Tags: ['new'] }]).models, [
    { Id: '0xaa', Name: 'a', Fee: 1, Tags: ['new'], apiType: 'ours' },
  ])
  t.equal(merge(local, [{ Id: '0xaa', Name: 'a', Tags: ['old'], Fee: 1 }]).same, true)
  t.end()
})

t.test('rows of one Id and name are each kept, and a repetition to the letter is one', (t) => {
  const a = { Id: '0xaa', Name: 'a', CreatedAt: 1 }
  const b = { Id: '0xaa', Name: 'a', CreatedAt: 2 }
  const first = merge([], [a, b, { ...a }])
  t.strictSame(first.models, [a, b])
  t.equal(merge(first.models, [a, b]).same, true)
  t.end()
})

t.test('what is no entry stays where the local ones are', (t) => {
  const local = ['text', 7, null, { Name: 'no id' }, [1], 'text']
  t.strictSame(merge(local, [{ Id: '0xaa', Name: 'a' }]).models, [{ Id: '0xaa', Name: 'a' }, ...local])
  t.end()
})

t.test('numbers are compared and kept digit by digit', (t) => {
  const read = (text: string): ModelsJsonEntry[] => parse(text) as ModelsJsonEntry[]
  const local = read('[{"Id":"0xaa","Name":"a","Stake":9007199254740993,"own":12345678901234567890.10}]')
  const { models, updated } = merge(local, read('[{"Id":"0xaa","Name":"a","Stake":9007199254740992}]'))
  t.strictSame(updated, ['a'], 'as binary floats the two are one')
  t.equal(stringify(models), '[{"Id":"0xaa","Name":"a","Stake":9007199254740992,"own":12345678901234567890.10}]')
  t.end()
})

t.test('for any file and any feed: nothing local is lost, feed order leads, and a second time changes nothing', (t) => {
  const id = fc.constantFrom('0x1', '0X1', '0x2', '0x3', 'plain', '')
  const name = fc.constantFrom('a', 'A', 'b', 'c')
  const entry = fc.record({ Id: id, Name: name, n: fc.nat(3), own: fc.nat(3) }, { requiredKeys: [] })
  const row = fc.record({ Id: fc.constantFrom('0x1', '0x2', '0x3', 'plain'), Name: name, n: fc.nat(2) })
  fc.assert(
    fc.property(fc.array(fc.oneof(entry, fc.string(), fc.constant(null))), fc.array(row), (local, upstream) => {
      const { models, added, updated, unchanged, localOnly } = merge(local, upstream)
      const leading = added.length + updated.length + unchanged.length
      const distinct = new Set(upstream.map((one) => JSON.stringify(one)))
      if (leading !== distinct.size || leading + localOnly.length !== models.length) return false
      // Each local entry is there as it is, or under an upstream row with its members.
      const rest = models.slice(leading)
      const kept = local.filter((one) => rest.includes(one))
      const merged = local.filter((one) => !rest.includes(one)) as Record<string, unknown>[]
      const members = (one: unknown): unknown => (one as Record<string, unknown>)['own']
      const leaders = models.slice(0, leading)
      return (
        kept.every((one, index) => rest[index] === one) &&
        merged.every((one) => members(one) === undefined || leaders.some((row) => members(row) === members(one))) &&
        merge(models, upstream).same
      )
    }),
    { numRuns: 500 },
  )
  t.end()
})

t.test('many entries of one key are matched in the order in which they stand, in linear time', async (t) => {
  const entries = (from: number) =>
    Array.from({ length: 50_000 }, (_, index) => ({ Id: '0xaa', Name: 'one', Place: from + index }))
  const before = process.cpuUsage()
  const { models, updated } = merge(entries(0), entries(100_000))
  const { user, system } = process.cpuUsage(before)
  t.ok(user + system < 4e6, `${Math.round((user + system) / 1e3)} ms of CPU`)
  t.equal(updated.length, 50_000)
  t.match(models[0], { Place: 100_000 })
})
