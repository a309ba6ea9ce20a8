/** The models as CSV: quoted as RFC 4180 says, prices as they are, and no cell that a spreadsheet would run. */
import t from 'tap'
import { CAPABILITIES } from '../../../src/core/model/model.js'
import { CSV_HEADER, modelCsvRow } from '../../../src/core/model/model-csv.js'
import type { ModelRecord as Model } from '../../../src/core/model/model-record.js'

const csvOf = (models: readonly Model[]) => [CSV_HEADER, ...models.map(modelCsvRow)].join('')

function model(fields: Partial<Model>): Model {
  const known = { id: 'litellm/a', provider: 'litellm', providerModelId: 'a', name: 'a', origin: 'synced' }
  return { ...known, capabilities: { streaming: true, vision: false, reasoning: null }, ...fields } as Model
}

/** The cells of a line that has neither quotes nor line breaks. */
const cellsOf = (line: string | undefined) => line?.split(',') ?? []

t.test('a column for each field and each capability; unknown is empty, zero and false are not', async (t) => {
  const csv = csvOf([
    model({ inputCostPerToken: '0.00000012345678901234567', outputCostPerToken: '0', contextLength: null }),
  ])
  const [head, line, end] = csv.split('\r\n')
  t.equal(end, '')
  const cell = (column: string) => cellsOf(line)[cellsOf(head).indexOf(column)]
  t.strictSame(cellsOf(head).slice(-CAPABILITIES.length), CAPABILITIES)
  t.equal(cellsOf(line).length, cellsOf(head).length)
  t.equal(cell('inputCostPerToken'), '0.00000012345678901234567')
  t.equal(cell('outputCostPerToken'), '0')
  t.equal(cell('contextLength'), '')
  t.strictSame(['streaming', 'vision', 'reasoning'].map(cell), ['true', 'false', ''])
  t.match(csvOf([]), /^id,provider,[^\n]*\r\n$/, 'without models, the heads alone')
})

t.test('each text is one cell of text', async (t) => {
  const cases: [text: string, cell: string][] = [
    ['plain: name/of-a.model', 'plain: name/of-a.model'],
    ['a,b', '"a,b"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', 'two lines'],
    ['two\r\nlines', 'two lines'],
    ['\u001b[2Jgone\u202e', '" [2Jgone "'],
    ['＝1+1', `"'＝1+1"`],
    ['＋1', `"'＋1"`],
    ['﹣1', `"'﹣1"`],
    ['\u200e=1+1', `"' =1+1"`],
    [' padded ', '" padded "'],
    ['=HYPERLINK("http://x")', `"'=HYPERLINK(""http://x"")"`],
    ['+1', `"'+1"`],
    ['-1', `"'-1"`],
    ['@SUM(A1)', `"'@SUM(A1)"`],
    [' =1+1', `"' =1+1"`],
    ['\t=1+1', `"' =1+1"`],
    ['\r=1+1', `"' =1+1"`],
    ['1-2', '1-2'],
  ]
  for (const [text, cell] of cases)
    t.ok(
      csvOf([model({ name: text })]).includes(`\r\nlitellm/a,litellm,a,,${cell},`),
      `${JSON.stringify(text)} is ${cell}`,
    )
  t.match(csvOf([model({ aliases: ['=a', 'b'] })]), `"'=a; b"`)
})
