/** docs/reference/errors.md: every code with its cause and remedy, out of the comments where it is declared. */
import { readFileSync } from 'node:fs'
import ts from 'typescript'
import { commentOf, remedyOf } from './comments.js'
import { code, page, sentence, table, type Page } from './markdown.js'

interface Declared {
  code: string
  status: string
  cause: string
  remedy: string
}

const INTRODUCTION = `An error from the HTTP API is \`{statusCode, code, error, message}\`. In a host, the plugin throws errors with the same \`code\` and \`statusCode\`. The message says what was
found, what was expected, and what to do. Codes are stable; sentences may change.`

const PROBLEMS = `A sync does not throw because of a provider. Its [result](sync-result.md) has \`problems\`, each \`{code, provider, message, facts}\`. The same codes appear as \`reason\` of a
provider.`

export function errors(): Page {
  const declared = [...fromErrors(), ...fromResolveError(), STARTING]
  return page(
    'errors.md',
    'src/errors.ts and src/core/records/problem.ts',
    '# Errors',
    INTRODUCTION,
    table(
      ['Code', 'Cause', 'Remedy'],
      unique(declared).map(({ code: name, status, cause, remedy }) => [
        `${code(name)}<br>${status}`,
        sentence(cause),
        sentence(remedy),
      ]),
    ),
    '## Problems',
    PROBLEMS,
    table(['Code', 'Meaning'], problemRows()),
  )
}

/** Answered before the plugin is there. */
const STARTING: Declared = {
  code: 'FST_MODEL_SYNC_STARTING',
  status: '503',
  cause: 'The reference backend still waits for its database.',
  remedy: 'Wait. `The database is away` in the log says why.',
}

function unique(all: readonly Declared[]): Declared[] {
  return [...new Map(all.toReversed().map((one) => [one.code, one])).values()].toSorted((a, b) =>
    a.code < b.code ? -1 : 1,
  )
}

function parse(file: string): ts.SourceFile {
  const text = readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8')
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
}

/** `export const X = createError('CODE', '%s', 400)`. */
function fromErrors(): Declared[] {
  const file = parse('errors.ts')
  return file.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    const call = statement.declarationList.declarations[0]?.initializer
    if (call === undefined || !ts.isCallExpression(call)) return []
    const [name, , status] = call.arguments
    if (name === undefined || !ts.isStringLiteral(name)) return []
    const remedy = remedyOf(statement)
    if (remedy === '') throw new Error(`${name.text} has no @remedy in src/errors.ts; say there what to do`)
    return [{ code: name.text, status: status?.getText(file) ?? '500', cause: commentOf(statement), remedy }]
  })
}

/** Its table of codes. */
function fromResolveError(): Declared[] {
  const found: Declared[] = []
  const file = parse('core/names/resolve-error.ts')
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAssignment(node) && /^FST_MODEL_SYNC_/.test(node.name.getText(file)))
      found.push({
        code: node.name.getText(file),
        status: node.initializer.getText(file),
        cause: commentOf(node),
        remedy: remedyOf(node),
      })
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function problemRows(): string[][] {
  const file = parse('core/records/problem.ts')
  const facts = file.statements.filter(ts.isInterfaceDeclaration).find(({ name }) => name.text === 'ProblemFacts')
  return (facts?.members ?? []).map((member) => {
    const name = member.name!.getText(file).replaceAll("'", '')
    const meaning = commentOf(member)
    if (meaning === '')
      throw new Error(`the problem ${name} has no comment in src/core/records/problem.ts; say there what it means`)
    return [code(name), sentence(meaning.replaceAll(/(?<!`)<(\w+)>/g, '`<$1>`'))]
  })
}
