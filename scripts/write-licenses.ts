/**
 * `npm run licenses`: writes THIRD-PARTY-LICENSES.md, which lists the packages of others that ours contains or that npm installs with it; with
 * --check it only says whether the file is up to date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { build, type Rolldown } from 'vite'
import { installedPackages } from './installed-packages.js'
import { notPermissive } from './permissive-licenses.js'
import { licensesOfVendored, type License } from './vendor.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const FILE = path.join(root, 'THIRD-PARTY-LICENSES.md')
const LIST = 'licenses.json'

interface Manifest {
  dependencies: Record<string, string>
  peerDependencies: Record<string, string>
  peerDependenciesMeta: Record<string, { optional?: boolean }>
}

/** Vite knows what it has put into the page. */
async function licensesOfPage(): Promise<License[]> {
  const built = (await build({
    configFile: path.join(root, 'vite.config.ts'),
    logLevel: 'error',
    build: { write: false, license: { fileName: LIST } },
  })) as Rolldown.RolldownOutput
  const list = built.output.find(({ fileName }) => fileName === LIST)
  if (list?.type !== 'asset') throw new Error('Vite has listed no licences of the settings page')
  const found = JSON.parse(String(list.source)) as (Omit<License, 'license'> & { identifier: string })[]
  return found.map(({ identifier, ...rest }) => ({ ...rest, license: identifier }))
}

/** Peers included, which npm installs too unless they are optional. */
function licensesBeside(): { name: string; license?: unknown }[] {
  const { dependencies, peerDependencies, peerDependenciesMeta } = read('package.json') as Manifest
  const peers = Object.keys(peerDependencies).filter((name) => peerDependenciesMeta[name]?.optional !== true)
  return [...installedPackages(root, [...Object.keys(dependencies), ...peers])].map(
    (folder) => read(`${folder}/package.json`) as { name: string; license?: unknown },
  )
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8'))
}

async function listing(): Promise<string> {
  const contained = [...(await licensesOfPage()), ...licensesOfVendored(root)].sort(byName)
  const beside = licensesBeside()
  const refused = [...new Set(notPermissive([...contained, ...beside]))]
  if (refused.length > 0)
    throw new Error(
      `These licences are not known to be permissive:\n${refused.join('\n')}\nReplace the package, or add its licence to scripts/permissive-licenses.js.`,
    )
  const lines = new Set(beside.sort(byName).map(({ name, license }) => `- ${name}: ${String(license)}`))
  const text = [
    '# Licences of third-party packages',
    'Written by `npm run licenses`.',
    '## Contained in this package',
    'Their code is in `dist/settings-page` and `dist/vendor`.',
    ...contained.map(
      ({ name, version, license, text }) => `### ${name} ${version}: ${license}\n\n\`\`\`text\n${text.trim()}\n\`\`\``,
    ),
    '## Installed with this package',
    'npm installs these beside it, in the newest version that is in range. Each states its licence itself.',
    [...lines].join('\n'),
  ].join('\n\n')
  return format(text, { ...(await resolveConfig(FILE)), filepath: FILE })
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1
}

const wanted = await listing()
const found = existsSync(FILE) ? readFileSync(FILE, 'utf8') : ''
if (!process.argv.includes('--check')) writeFileSync(FILE, wanted)
else if (found !== wanted) {
  console.error('THIRD-PARTY-LICENSES.md is out of date. Run npm install, then npm run licenses.')
  process.exitCode = 1
}
