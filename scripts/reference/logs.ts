/** docs/reference/logs.md: every line that a server logs from info upwards, out of the calls that log them. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { grouped } from './grouped.js'
import { code, page, table, type Page } from './markdown.js'

interface Line {
  text: string
  level: string
  room: string
}

const SRC = fileURLToPath(new URL('../../src/', import.meta.url))
const LEVELS = ['fatal', 'error', 'warn', 'info']
// The page and the client run in browsers, the command prints for people.
const ELSEWHERE = /^(?:settings-page|client|cli)\//

const INTRODUCTION = `The server logs JSON, one line each, with [pino](https://getpino.io). Beside the line there are its facts: \`runId\`, \`provider\`, counts, errors and warnings. A word in angle
brackets stands for a value. In a host, lines go to your own logger.

At \`debug\`, a sync logs for each provider where it asks, what came (requests, bytes), and how long it took. No line holds a key or a token, at any level. Sentences may change in
any release: alert on [health and codes](../operate/observability.md) rather than on text.`

export function logs(): Page {
  const lines = (readdirSync(SRC, { recursive: true }) as string[])
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts') && !ELSEWHERE.test(name))
    .toSorted()
    .flatMap(linesOf)
  const unique = [...new Map(lines.map((line) => [`${line.text} ${line.level}`, line])).values()]
  const rooms = grouped(unique, ({ room }) => room)
  return page(
    'logs.md',
    'the calls in src/',
    '# Log lines',
    INTRODUCTION,
    ...[...rooms].flatMap(([room, own]) => [
      `## ${room}`,
      table(
        ['Line', 'Level'],
        own.map(({ text, level }) => [code(text), level]),
      ),
    ]),
  )
}

/** The room of a file: `services/models-json/…` is "models-json". */
function roomOf(file: string): string {
  const [layer = '', room = ''] = file.split('/')
  return layer === 'services' && !room.includes('.') ? room : layer.replace(/\.ts$/, '')
}

function linesOf(file: string): Line[] {
  const text = readFileSync(path.join(SRC, file), 'utf8')
  if (!/\blog\b/i.test(text)) return []
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found: Line[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression: logger, name } = node.expression
      if (LEVELS.includes(name.text) && /\blog\??$/i.test(logger.getText(source)))
        for (const line of node.arguments.flatMap((argument) => textsOf(argument, source)))
          found.push({ text: line, level: name.text, room: roomOf(file) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** Of a line; of either, where a condition chooses. */
function textsOf(node: ts.Expression, source: ts.SourceFile): string[] {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text]
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue, source), ...textsOf(node.whenFalse, source)]
  if (!ts.isTemplateExpression(node)) return []
  const rest = node.templateSpans.map(({ expression, literal }) => `<${nameOf(expression, source)}>${literal.text}`)
  return [`${node.head.text}${rest.join('')}`]
}

/** The last name in it, in words: `setup.address` is "address". */
function nameOf(expression: ts.Expression, source: ts.SourceFile): string {
  const names: string[] = expression.getText(source).match(/[a-zA-Z]\w*/g) ?? []
  const word = (names.includes('length') ? names.at(-2) : names.findLast((name) => name !== 'message')) ?? 'value'
  return word.replaceAll(/([a-z])([A-Z])/g, (_match, a: string, b: string) => `${a} ${b.toLowerCase()}`)
}
