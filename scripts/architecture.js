/** The architecture as a table, and the lint rule that holds imports to it: who may import whom, layer by layer and room by room. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'

/**
 * `may`: what else a folder or file of `src/` imports; `types`: what it imports as types alone; `rooms`: the folders inside, with the rooms
 * that each imports, where `.` are the layer's own files. A layer without `rooms` does not divide its folders.
 * @type {Record<string, { may: string[], types?: string[], rooms?: Record<string, string[]> }>}
 */
export const LAYERS = {
  core: {
    may: [],
    rooms: {
      input: [],
      schema: [],
      model: ['input', 'schema'],
      names: ['input', 'model', 'schema'],
      clients: ['input', 'model', 'names', 'prices'],
      plan: ['model', 'schema'],
      prices: ['input', 'model', 'schema'],
      providers: [],
      records: ['model', 'plan', 'providers', 'schema'],
      news: ['model', 'records', 'schema'],
      'models-json': ['input'],
    },
  },
  sources: {
    may: ['core', 'errors', 'optional-package'],
    rooms: { '.': ['providers', 'kit'], kit: [], providers: ['kit'] },
  },
  upstream: { may: ['core', 'sources', 'errors', 'wait-within', 'pauses'] },
  store: {
    may: ['core', 'errors', 'package-files', 'wait-within', 'pauses'],
    rooms: {
      '.': ['connection', 'work'],
      connection: [],
      changes: ['.', 'models'],
      models: ['.', 'changes', 'providers'],
      providers: ['.', 'changes', 'models', 'work'],
      runs: ['.', 'models', 'work'],
      news: ['.', 'runs'],
      'user-keys': ['.', 'models', 'providers'],
      probes: ['.'],
      triggers: ['.'],
      work: ['.'],
    },
  },
  'file-locks': { may: ['errors'] },
  embedded: { may: ['file-locks', 'errors', 'optional-package', 'package-files', 'wait-within'] },
  services: {
    may: ['core', 'sources', 'upstream', 'store', 'file-locks', 'errors', 'optional-package', 'wait-within', 'pauses'],
    types: ['options'],
    rooms: {
      '.': ['providers'],
      work: ['.'],
      providers: ['.'],
      sync: ['.', 'providers', 'work'],
      runs: ['.', 'sync', 'work'],
      prices: ['.'],
      catalogue: ['.', 'sync', 'prices'],
      names: ['.'],
      news: ['.', 'work'],
      'user-keys': ['.', 'sync', 'providers', 'work'],
      triggers: ['.', 'sync', 'runs', 'work'],
      probes: ['.', 'sync', 'work'],
      'models-json': ['.', 'sync', 'providers'],
    },
  },
  routes: { may: ['core', 'errors', 'package-files'], types: ['services'], rooms: { '.': ['shared'], shared: [] } },
  client: { may: ['core'] },
  'settings-page': { may: ['client'] },
  options: { may: ['core', 'sources', 'upstream', 'errors'] },
  plugins: {
    may: [
      'core',
      'sources',
      'upstream',
      'store',
      'services',
      'embedded',
      'routes',
      'options',
      'errors',
      'version',
      'wait-within',
    ],
  },
  // server.ts and cli.ts are those of their layers.
  server: {
    may: [
      'core',
      'upstream',
      'routes',
      'plugin',
      'plugins',
      'file-locks',
      'options',
      'errors',
      'optional-package',
      'version',
    ],
  },
  cli: {
    may: ['core', 'upstream', 'store', 'services', 'embedded', 'file-locks', 'plugins', 'options', 'errors', 'version'],
    types: ['sources'],
    rooms: {
      '.': ['commands', 'line', 'output', 'backend'],
      line: ['output', 'backend'],
      output: ['backend'],
      backend: ['line', 'output'],
      commands: ['line', 'output', 'backend'],
    },
  },
  // Files.
  errors: { may: ['core'] },
  version: { may: [] },
  'wait-within': { may: [] },
  pauses: { may: [] },
  'package-files': { may: ['errors', 'version'] },
  'optional-package': { may: ['errors'] },
  plugin: { may: ['errors', 'options', 'plugins', 'routes'], types: ['core', 'services', 'sources'] },
  direct: { may: ['core', 'services', 'sources', 'upstream'] },
  index: {
    may: ['core', 'options', 'plugin'],
    types: ['plugins', 'routes', 'services', 'sources', 'store'],
  },
}

const SRC = path.resolve(import.meta.dirname, '../src')
for (const layer of foldersOf(SRC)) {
  const { rooms } = LAYERS[layer] ?? missing(layer)
  if (rooms !== undefined)
    for (const room of foldersOf(path.join(SRC, layer))) if (!(room in rooms)) missing(`${layer}/${room}`)
}

/** @param {string} folder @returns {never} */
function missing(folder) {
  throw new Error(`src/${folder} has no line in scripts/architecture.js: say there what it may import`)
}

/** @param {string} folder */
function foldersOf(folder) {
  const entries = readdirSync(folder, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory() && entry.name !== 'migrations').map(({ name }) => name)
}

/**
 * `core/plan/plan.ts` is in layer `core` and room `plan`; `errors.ts` is a layer by itself, as `cli.ts` is in the one of its folder.
 * @param {string} file
 */
function placeOf(file) {
  const [first = '', second = '', third] = path.relative(SRC, file).split(path.sep)
  return { layer: first.replace(/\.[jt]sx?$/, ''), room: third === undefined ? '.' : second }
}

/**
 * What is wrong with an import; null: nothing.
 * @param {string} from @param {string} to @param {boolean} typesOnly
 */
function objection(from, to, typesOnly) {
  const importer = placeOf(from)
  const imported = placeOf(to)
  if (imported.layer === 'index') return 'nobody inside imports the index'
  const { may, types = [], rooms } = LAYERS[importer.layer] ?? missing(importer.layer)
  if (importer.layer !== imported.layer) {
    if (may.includes(imported.layer) || (typesOnly && types.includes(imported.layer))) return null
    return `${importer.layer} imports ${list(may)}${types.length > 0 ? `, and types of ${list(types)}` : ''}; not ${imported.layer}`
  }
  if (importer.layer === 'sources' && importer.room === 'providers' && imported.room === 'providers')
    return sourceOf(from) === sourceOf(to) ? null : 'a source imports core and sources/kit, never another source'
  if (rooms === undefined || importer.room === imported.room) return null
  const allowed = rooms[importer.room] ?? missing(`${importer.layer}/${importer.room}`)
  if (allowed.includes(imported.room)) return null
  return `${importer.layer}/${importer.room} imports ${list(allowed)} of its layer; not ${imported.room}`
}

/** @param {string} file */
function sourceOf(file) {
  return path.relative(path.join(SRC, 'sources/providers'), file).split(path.sep)[0]
}

/** @param {string[]} names */
function list(names) {
  return names.length === 0 ? 'nothing' : names.join(', ')
}

/** @param {string} from @param {string} specifier */
function fileOf(from, specifier) {
  const target = path.resolve(path.dirname(from), specifier)
  return [target, target.replace(/\.js$/, '.ts'), target.replace(/\.js$/, '.tsx')].find((file) => existsSync(file))
}

/** @type {import('eslint').Rule.RuleModule} */
export const importsAsDrawn = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    /** @param {import('eslint').Rule.Node} node @param {any} source @param {boolean} typesOnly */
    const check = (node, source, typesOnly) => {
      const specifier = source?.value
      if (typeof specifier !== 'string' || !specifier.startsWith('.')) return
      const to = fileOf(context.filename, specifier)
      if (to === undefined || !to.startsWith(SRC + path.sep)) return
      const message = objection(context.filename, to, typesOnly)
      if (message !== null) context.report({ node, message })
    }
    /** @param {any} node */
    const ofTypes = ({ importKind, exportKind, specifiers }) =>
      importKind === 'type' ||
      exportKind === 'type' ||
      (specifiers.length > 0 &&
        specifiers.every((/** @type {any} */ each) => each.importKind === 'type' || each.exportKind === 'type'))
    return {
      ImportDeclaration: (node) => check(node, node.source, ofTypes(node)),
      ExportNamedDeclaration: (node) => check(node, node.source, ofTypes(node)),
      ImportExpression: (node) => check(node, node.source, false),
      TSImportType: (/** @type {any} */ node) => check(node, node.source ?? node.argument?.literal, true),
    }
  },
}
