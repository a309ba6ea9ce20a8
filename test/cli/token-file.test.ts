/** `--token-file`: the admin token out of a file, so that nobody reads it off a command line. */
import { once } from 'node:events'
import { symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import t from 'tap'
import { folder, run } from './support.js'

const TOKEN = 'the-token-in-the-file'
const sent: (string | undefined)[] = []
const server = createServer(({ headers }, response) => {
  sent.push(headers.authorization)
  response.writeHead(401).end('{}')
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
t.teardown(() => server.close())
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

const cwd = await folder(t)
const file = path.join(cwd, 'token')
await writeFile(file, `${TOKEN}\n`, { mode: 0o644 })
await symlink(file, path.join(cwd, 'link'))
const list = (...args: string[]) => run(['list', '--url', url, ...args], {})

t.test('its token is sent, without the line break, also through a link', async (t) => {
  for (const name of [file, path.join(cwd, 'link')]) {
    t.match(await list('--token-file', name), { code: 1, stderr: /the token is not the right one/ })
    t.equal(sent.pop(), `Bearer ${TOKEN}`)
  }
  await run(['list', '--url', url], { ADMIN_TOKEN_FILE: file })
  t.equal(sent.pop(), `Bearer ${TOKEN}`, 'ADMIN_TOKEN_FILE likewise')
  await run(['list', '--url', url, '--token-file', file], { ADMIN_TOKEN: 'another-token-0123456789' })
  t.equal(sent.pop(), `Bearer ${TOKEN}`, 'before ADMIN_TOKEN')
})

t.test('both, none, or an empty one', async (t) => {
  sent.length = 0
  t.match(await list('--token', TOKEN, '--token-file', file), {
    code: 64,
    stderr: /--token and --token-file are both given/,
  })
  t.match(await list('--token-file'), { code: 64, stderr: /--token-file has no value/ })
  t.match(await list('--token-file', path.join(cwd, 'nowhere')), { code: 1, stderr: /nowhere.*there is no such file/ })
  await writeFile(file, '')
  t.match(await list('--token-file', file), { code: 1, stderr: /it is empty/ })
  t.strictSame(sent, [])
})
