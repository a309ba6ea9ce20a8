/** Where the files of this package lie that are no code: beside the code, else in node_modules, or where the option `assetsDir` says. */
import { existsSync, readFileSync } from 'node:fs'
// Not by its name, which the banner of many bundles already imports.
import nodeModule from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { OptionsError } from './errors.js'
import { VERSION } from './version.js'

const NAME = 'fastify-model-sync'

/** `embedded` and `store/migrations` are sources as well; the other two are only built. */
export type PackageFolder = 'embedded' | 'store/migrations' | 'client' | 'settings-page'

/**
 * @param assetsDir a copy of the package's `dist`; `undefined`: look for it
 * @returns an absolute path
 * @throws OptionsError when it is not there, as in a bundle of a host's
 */
export function packageFolder(folder: PackageFolder, assetsDir: string | undefined): string {
  const found = (assetsDir === undefined ? candidates(folder) : [path.resolve(assetsDir, folder)]).find(existsSync)
  if (found !== undefined) return found
  const missing =
    assetsDir === undefined
      ? `the folder ${folder} of ${NAME} is neither beside its code nor in node_modules, as happens in a bundle`
      : `MODEL_SYNC_ASSETS_DIR (assetsDir) is ${JSON.stringify(assetsDir)}, and has no folder ${folder}`
  throw new OptionsError(
    `${missing}: copy node_modules/${NAME}/dist (a checkout has it after npm run build) to where the program runs, and name the copy by assetsDir (MODEL_SYNC_ASSETS_DIR)`,
  )
}

function candidates(folder: PackageFolder): string[] {
  const code = codeFolder()
  if (code !== null)
    return [folder === 'embedded' || folder === 'store/migrations' ? code : path.join(code, '../dist')].map((root) =>
      path.join(root, folder),
    )
  // Looked up as the running program would import it, then from the folder it was started in.
  return [process.argv[1], path.join(process.cwd(), 'index.js')]
    .filter((from) => from !== undefined)
    .flatMap((from) => installed(from))
    .map((root) => path.join(root, 'dist', folder))
}

/** `null` in a bundle, whose own folders may have the same names; one in CommonJS has no `import.meta.url`. */
function codeFolder(): string | null {
  const url: string | undefined = import.meta.url
  if (url === undefined) return null
  const folder = path.dirname(fileURLToPath(url))
  return isOurs(path.dirname(folder)) ? folder : null
}

/** Only files of this version will do, since migrations, page and code belong together. */
function isOurs(root: string): boolean {
  try {
    const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Record<string, unknown>
    return manifest['name'] === NAME && manifest['version'] === VERSION
  } catch {
    return false
  }
}

function installed(from: string): string[] {
  try {
    return [path.dirname(nodeModule.createRequire(from).resolve(`${NAME}/package.json`))].filter(isOurs)
  } catch {
    return []
  }
}
