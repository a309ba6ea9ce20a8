/**
 * `npm run docs:generate`: writes the pages of docs/reference/ that follow from the code; with --check it only says which of them are out of date.
 *
 * Written, not kept by hand: a table that nobody compares is wrong after a month.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import { cli } from './reference/cli.js'
import { configuration } from './reference/configuration.js'
import { database } from './reference/database.js'
import { errors } from './reference/errors.js'
import { httpApi } from './reference/http-api.js'
import { logs } from './reference/logs.js'
import { providers } from './reference/providers.js'

const FOLDER = fileURLToPath(new URL('../docs/reference/', import.meta.url))

for (const { file, text } of [
  configuration(),
  await httpApi(),
  providers(),
  cli(),
  errors(),
  await database(),
  logs(),
]) {
  if (!process.argv.includes('--check')) writeFileSync(path.join(FOLDER, file), text)
  else if (read(path.join(FOLDER, file)) !== text) {
    process.stderr.write(`docs/reference/${file} is not what the code says: run npm run docs:generate\n`)
    process.exitCode = 1
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
