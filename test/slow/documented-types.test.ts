/** Each `ts` block of README.md and docs/ compiles as it stands there, with the types that a host gets. */
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import ts from 'typescript'
import { EXAMPLES } from '../support/documented.js'
import { ROOT } from '../support/root.js'

const folder = fileURLToPath(ROOT)
// What an example may take for granted.
const GIVEN = 'declare const session: { token: string }\ndeclare const signal: AbortSignal\n'

t.test('each ts block compiles, with the types that a host gets', async (t) => {
  const examples = new Map(
    EXAMPLES.filter(({ language }) => language === 'ts').map(({ page, code }, index) => [
      path.join(folder, 'test', `example-${index}.ts`),
      { page, code },
    ]),
  )
  t.ok(examples.size > 8, `${examples.size} blocks`)
  const options: ts.CompilerOptions = {
    ...{
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    },
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: ['node'], lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'] },
    paths: {
      'fastify-model-sync': [path.join(folder, 'src/index.ts')],
      'fastify-model-sync/direct': [path.join(folder, 'src/direct.ts')],
      'fastify-model-sync/client': [path.join(folder, 'src/client/index.ts')],
    },
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = (file) => examples.has(path.normalize(file)) || fileExists(file)
  host.getSourceFile = (file, ...rest) => {
    const example = examples.get(path.normalize(file))
    return example === undefined
      ? getSourceFile(file, ...rest)
      : ts.createSourceFile(file, `${GIVEN}${example.code}\nexport {}\n`, ts.ScriptTarget.ES2023, true)
  }
  const program = ts.createProgram([...examples.keys()], options, host)
  for (const [file, { page, code }] of examples) {
    const source = program.getSourceFile(file)
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    const said = found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
    t.strictSame(said, [], `${page}: ${code.split('\n').find((line) => /^(?!import|\/\/|$)/.test(line))}`)
  }
})
