/** Removes the declarations that no entry of the package leads to: nobody can import them. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'

/** @param {string} dist @param {readonly string[]} entries their declarations, within `dist` */
export function trimDeclarations(dist, entries) {
  const kept = new Set()
  const follow = (/** @type {string} */ file) => {
    if (kept.has(file)) return
    kept.add(file)
    for (const [, from = ''] of readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*['"](\.[^'"]+)['"]/g)) {
      const target = path.join(path.dirname(file), from.replace(/\.js$/, '.d.ts'))
      if (existsSync(target)) follow(target)
    }
  }
  for (const entry of entries) follow(path.join(dist, entry))
  for (const file of /** @type {string[]} */ (readdirSync(dist, { recursive: true }))) {
    const absolute = path.join(dist, file)
    if (file.endsWith('.d.ts') && !kept.has(absolute)) rmSync(absolute)
  }
}
