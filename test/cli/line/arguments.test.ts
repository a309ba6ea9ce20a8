/** Command lines: what they mean, and what is said about those that mean nothing. */
import t from 'tap'
import { findCommand, readArguments } from '../../../src/cli/line/arguments.js'
import { closest } from '../../../src/core/input/closest.js'
import type { Command } from '../../../src/cli/line/command.js'
import { COMMANDS } from '../../../src/cli/commands.js'
import { describeAll, describeCommand } from '../../../src/cli/line/help.js'

const command = (name: string): Command => COMMANDS.find((one) => one.name === name)!
const read = (name: string, ...argv: string[]) => {
  const { values, positionals } = readArguments(command(name), argv)
  return { ...values, ...(positionals.length === 0 ? {} : { positionals }) }
}

t.test('which command', async (t) => {
  t.strictSame(findCommand([]), { name: null, rest: [] })
  t.strictSame(findCommand(['list', '--json']), { name: 'list', rest: ['--json'] })
  t.strictSame(findCommand(['--json', '-v', 'list', 'x']), { name: 'list', rest: ['--json', '-v', 'x'] })
  t.strictSame(findCommand(['--url', 'http://h', '--token=t', 'show', 'a/b']), {
    name: 'show',
    rest: ['--url', 'http://h', '--token=t', 'a/b'],
  })
  const seeds = ['--providers', 'openrouter', 'deepinfra', '--dry-run', '--verbose']
  t.strictSame(findCommand(seeds), { name: null, rest: seeds }, 'an option of its own means the default command')
})

t.test('several values after one flag', async (t) => {
  t.strictSame(read('sync', '--providers', 'openrouter', 'deepinfra', '--dry-run', '-v'), {
    providers: ['openrouter', 'deepinfra'],
    'dry-run': true,
    verbose: true,
  })
  t.strictSame(read('sync', '--providers', 'a,b', 'c', '--providers=d', '--providers', 'e'), {
    providers: ['a', 'b', 'c', 'd', 'e'],
  })
  t.strictSame(read('apply', 'HASH', '--only', 'openai/x', 'openai/y:free', '--json'), {
    only: ['openai/x', 'openai/y:free'],
    json: true,
    positionals: ['HASH'],
  })
})

t.test('a value may begin with a dash, where it cannot be a flag', async (t) => {
  t.strictSame(read('list', '--sort', '-contextLength', '--json'), { sort: '-contextLength', json: true })
  t.strictSame(read('show', '--', '-odd/id'), { positionals: ['-odd/id'] })
  t.throws(() => read('list', '--sort', '--json'), { message: '--sort has no value; expected --sort FIELD' })
  t.throws(() => read('list', '--search', '-v'), { message: /--search has no value/ })
})

t.test('what is wrong, what was expected, what to do', async (t) => {
  const cases: [name: string, argv: string[], message: RegExp][] = [
    ['list', ['--moed', 'chat'], /^list has no option --moed; did you mean --mode\?$/],
    ['list', ['-x'], /^list has no option -x$/],
    ['list', ['--sort', 'price'], /^--sort is "price"; expected one of id, -id, name/],
    ['list', ['--mode', 'chat', '--mode', 'rerank'], /^--mode is given twice/],
    ['list', ['extra'], /^"extra" is one operand too many for list/],
    ['sync', ['openrouter'], /too many for sync; providers are named by --providers openrouter$/],
    ['sync', ['--providers'], /^--providers has no value; expected --providers SLUG$/],
    ['sync', ['--providers', '--dry-run'], /^--providers has no value/],
    ['sync', ['--providers='], /^--providers has no value/],
    ['sync', ['--dry-run=no'], /^--dry-run takes no value, and was given "no"/],
    ['sync', ['--constructor'], /^sync has no option --constructor/],
    ['show', [], /^<id> is missing; expected model-sync show <id>$/],
    ['apply', ['--only', 'a/b', 'HASH'], /^<planHash> is missing/],
  ]
  for (const [name, argv, message] of cases)
    t.throws(() => read(name, ...argv), { message }, `${name} ${argv.join(' ')}`)
})

t.test('the word that was probably meant', async (t) => {
  t.equal(closest('sycn', ['sync', 'show']), 'sync')
  t.equal(closest('lst', ['list', 'sync']), 'list')
  t.equal(closest('frobnicate', ['list', 'sync']), null)
  t.equal(closest('xy', ['a', 'z']), null, 'a word that shares no letter is not near')
})

t.test('the help tells of each command and of each option', async (t) => {
  const all = describeAll(COMMANDS)
  for (const one of COMMANDS) {
    t.match(all, `  ${one.name} `)
    const help = describeCommand(one)
    for (const name of [...Object.keys(one.options), 'url', 'token', 'token-file', 'json', 'verbose', 'help'])
      t.match(help, `--${name}`, `${one.name} --${name}`)
    t.match(help, one.examples[0]!)
    for (const example of one.examples) {
      const argv = example.split(' | ')[0]!.split(' > ')[0]!.split(' ').slice(1)
      const words =
        argv
          .join(' ')
          .match(/"[^"]*"|\S+/g)
          ?.map((word) => word.replaceAll('"', '')) ?? []
      const { name, rest } = findCommand(words)
      t.doesNotThrow(() => readArguments(command(name ?? 'sync'), rest), example)
    }
    for (const line of help.split('\n')) t.ok(line.length <= 130, `${one.name}: ${line}`)
  }
})
