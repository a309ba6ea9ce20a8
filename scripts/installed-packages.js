/** Which folders of this repository's node_modules a host would get with some packages, by package-lock.json. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/** @typedef {Record<string, { dependencies?: object, optionalDependencies?: object }>} Packages */

/**
 * @param {string} root
 * @param {readonly string[]} names
 * @returns {Set<string>} folders of these packages and of everything that they depend on: `node_modules/pg`
 */
export function installedPackages(root, names) {
  /** @type {{ packages: Packages }} */
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
  /** @type {Set<string>} */
  const found = new Set()
  const add = (/** @type {string} */ name, /** @type {string} */ from) => {
    const folder = find(packages, name, from)
    if (folder === null || found.has(folder) || !existsSync(path.join(root, folder))) return
    found.add(folder)
    const { dependencies, optionalDependencies } = packages[folder] ?? {}
    for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) add(next, folder)
  }
  for (const name of names) add(name, '')
  return found
}

/** As Node looks for it, upwards. @param {Packages} packages @param {string} name @param {string} from @returns {string | null} */
function find(packages, name, from) {
  const folder = `${from === '' ? '' : `${from}/`}node_modules/${name}`
  if (folder in packages) return folder
  if (from === '') return null
  return find(packages, name, from.slice(0, Math.max(from.lastIndexOf('/node_modules/'), 0)))
}
