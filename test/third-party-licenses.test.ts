/** THIRD-PARTY-LICENSES.md: what ours contains of others, and brings along, may be used by anybody who keeps the notices. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { notPermissive } from '../scripts/permissive-licenses.js'
import { ROOT } from './support/root.js'

const text = readFileSync(new URL('THIRD-PARTY-LICENSES.md', ROOT), 'utf8')
const [contained = '', beside = ''] = text.split('## Installed with this package\n')
const headings = [...contained.matchAll(/^### (\S+) \S+: (.+)$/gm)].map(([, name = '', license]) => ({ name, license }))
const items = [...beside.matchAll(/^- (\S+): (.+)$/gm)].map(([, name = '', license]) => ({ name, license }))

t.test('no package has a copyleft licence, or an unknown one', async (t) => {
  t.ok(headings.length > 10 && items.length > 50, `${headings.length} contained, ${items.length} beside`)
  t.same(notPermissive([...headings, ...items]), [])
})

t.test('each notice of what is contained is there', async (t) => {
  for (const name of ['react', 'react-dom', 'uplot', '@tanstack/query-core', 'typebox', 're2js', 'lossless-json'])
    t.ok(
      headings.some((heading) => heading.name === name),
      name,
    )
  const notices = contained.split(/^### /m).slice(1)
  for (const notice of notices) t.match(notice, /copyright/i, notice.slice(0, notice.indexOf('\n')))
})

t.test('each dependency and what it depends on is listed', async (t) => {
  const manifest = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const names = new Set(items.map(({ name }) => name))
  for (const name of [...Object.keys(manifest.dependencies), 'fastify', 'pg']) t.ok(names.has(name), name)
  // Of dependencies of dependencies.
  for (const name of ['light-my-request', 'pg-types', 'mime', 'yocto-queue']) t.ok(names.has(name), name)
})

t.test('a licence that nobody has looked at is refused', async (t) => {
  for (const license of [
    'GPL-3.0-only',
    'AGPL-3.0-or-later',
    'LGPL-2.1',
    'MPL-2.0',
    '(MIT OR GPL-2.0)',
    'SEE LICENSE IN LICENSE.md',
    'UNLICENSED',
    { type: 'MIT' },
    '',
  ])
    t.strictSame(notPermissive([{ name: 'other', license }]), [`other: ${JSON.stringify(license)}`])
  t.strictSame(notPermissive([{ name: 'silent' }]), ['silent: states no licence'])
})
