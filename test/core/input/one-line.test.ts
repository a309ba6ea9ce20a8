/** Texts of upstreams stay on their line, in whatever is written. */
import t from 'tap'
import { csvRow } from '../../../src/core/input/csv-row.js'
import { escapeUnseen, oneLine } from '../../../src/core/input/one-line.js'
import { keepToLines, openServerLog } from '../../../src/server/log.js'
import { describeNews } from '../../../src/services/news/news-text.js'

const MARKS = [
  '\n',
  '\r\n',
  '\u001b[2J',
  '\u009b2J',
  '\u0085',
  '\u202e',
  '\u2066',
  '\u061c',
  '\u2028',
  '\u0000',
  '\u007f',
]
// eslint-disable-next-line no-control-regex
const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u

for (const mark of MARKS) {
  const name = `gpt${mark}4o`
  t.test(escapeUnseen(JSON.stringify(name)), async (t) => {
    t.notMatch(oneLine(name), unsafe)
    const json = escapeUnseen(JSON.stringify({ name }))
    t.notMatch(json, unsafe)
    t.strictSame(JSON.parse(json), { name }, 'and means the same')
    t.notMatch(csvRow([name, 'b']).slice(0, -2), unsafe)
    const change = { kind: 'renamed', modelId: name, from: name, to: name, field: null }
    const news = { type: 'models.changed', data: { counts: { renamed: 1 }, changes: [change] } } as never
    t.notMatch(describeNews(news).lines.join(), unsafe)
    const failed = { type: 'sync.failed', data: { errors: [name] } } as never
    t.notMatch(describeNews(failed).lines.join(), unsafe)
    const lines: string[] = []
    const log = await openServerLog('info', { write: (line) => void lines.push(line) })
    log.info({ model: name }, name)
    log.error(new Error(name))
    for (const line of lines) {
      t.notMatch(line.replace(/\n$/, ''), unsafe)
      const { msg, err } = JSON.parse(keepToLines(line)) as { msg: string; err?: { message: string; stack: string } }
      t.notMatch(msg, unsafe)
      t.notMatch((err?.message ?? '') + (err?.stack ?? '').replaceAll('\n', ''), unsafe)
    }
    t.equal(lines.length, 2)
  })
}

t.test('a cell that a spreadsheet would take for a formula', async (t) => {
  for (const sign of ['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '﹢', '﹣', '﹫', '−', '\u200e=', '\n=', ' ＝'])
    t.match(csvRow([`${sign}1`]), /^"'/, escapeUnseen(JSON.stringify(sign)))
  t.equal(csvRow(['a=1', '1-2', '']), 'a=1,1-2,\r\n')
})
