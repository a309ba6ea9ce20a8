/** Reads a command line: which command, which options, which operands. */
import { parseArgs } from 'node:util'
import { COMMON, type Command, type Option, type Options } from './command.js'
import { closest } from '../../core/input/closest.js'
import { mayBeSecret, shownText } from '../../core/input/shown-option.js'
import { UsageError } from './usage-error.js'

export interface ReadArguments {
  command: Command
  values: Record<string, string | boolean | string[]>
  positionals: string[]
}

/** The name of the command, and everything else; `null`: none is named. */
export function findCommand(argv: readonly string[]): { name: string | null; rest: string[] } {
  let index = 0
  while (index < argv.length) {
    const [flag = '', inline] = (argv[index] ?? '').split('=', 2)
    const option = commonOption(flag)
    // An option of the default command's own: the rest is for it.
    if (option === null) break
    index += option.type === 'string' && inline === undefined ? 2 : 1
  }
  const name = argv[index]
  if (name === undefined || name.startsWith('-')) return { name: null, rest: [...argv] }
  return { name, rest: [...argv.slice(0, index), ...argv.slice(index + 1)] }
}

function commonOption(flag: string): Option | null {
  const all: Options = COMMON
  return Object.entries(all).find(([name, { short }]) => flag === `--${name}` || flag === `-${short}`)?.[1] ?? null
}

/** @throws UsageError that says what was found, what was expected, and what to do */
export function readArguments(command: Command, argv: readonly string[]): ReadArguments {
  const options: Options = { ...command.options, ...COMMON }
  const { tokens } = parseArgs({
    args: spread(argv, options),
    options: Object.fromEntries(
      Object.entries(options).map(([name, { type, short, several = false }]) => [
        name,
        { type, multiple: several, ...(short === undefined ? {} : { short }) },
      ]),
    ),
    allowPositionals: true,
    // Its own messages say what is wrong, but not what would be right.
    strict: false,
    tokens: true,
  })
  const values: ReadArguments['values'] = {}
  const positionals: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value)
    if (token.kind !== 'option') continue
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined
    if (option === undefined) throw unknownOption(token.rawName, command, options)
    const before = values[token.name]
    const value = readValue(token.rawName, option, token.value, command, options)
    if (option.several === true) values[token.name] = [...((before as string[] | undefined) ?? []), ...listOf(value)]
    else if (before !== undefined && before !== value)
      throw new UsageError(`${token.rawName} is given twice, with different values; expected one`, command.name)
    else values[token.name] = value
  }
  checkOperands(command, positionals, values)
  return { command, values, positionals }
}

/** `--providers a b` as `--providers=a --providers=b`. */
function spread(argv: readonly string[], options: Options): string[] {
  const args: string[] = []
  let several: string | null = null
  for (const [index, argument] of argv.entries()) {
    if (argument === '--') return [...args, ...argv.slice(index)]
    if (!argument.startsWith('-')) {
      args.push(several === null ? argument : `${several}=${argument}`)
      continue
    }
    const [flag = ''] = argument.split('=', 1)
    const name = flag.slice('--'.length)
    several = Object.hasOwn(options, name) && options[name]?.several === true ? flag : null
    const next = argv[index + 1]
    const isFollowed = next !== undefined && !next.startsWith('-')
    // Where no value follows, it stays, so that the value is missed.
    if (several === null || argument !== flag || !isFollowed) args.push(argument)
  }
  return args
}

function readValue(
  flag: string,
  option: Option,
  value: string | undefined,
  command: Command,
  options: Options,
): string | boolean {
  if (option.type === 'boolean') {
    if (value === undefined) return true
    throw new UsageError(`${flag} takes no value, and was given ${shownText(value)}; leave it away`, command.name)
  }
  // `--sort -name` is a value, `--sort --json` is none.
  const isFlag =
    value !== undefined && (value.startsWith('--') || Object.values(options).some(({ short }) => value === `-${short}`))
  if (value === undefined || value === '' || isFlag) {
    throw new UsageError(`${flag} has no value; expected ${flag} ${option.value ?? 'VALUE'}`, command.name)
  }
  const wrong =
    option.choices === undefined
      ? undefined
      : (option.several === true ? listOf(value) : [value]).find((one) => !option.choices?.includes(one))
  if (wrong !== undefined) {
    throw new UsageError(`${flag} is ${shownText(wrong)}; expected one of ${option.choices?.join(', ')}`, command.name)
  }
  return value
}

function listOf(value: string | boolean): string[] {
  return String(value)
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}

function unknownOption(flag: string, command: Command, options: Options): UsageError {
  const near = closest(flag.replace(/^-+/, ''), Object.keys(options))
  const advice = near === null ? '' : `; did you mean --${near}?`
  return new UsageError(`${command.name} has no option ${flag}${advice}`, command.name)
}

function checkOperands(command: Command, found: readonly string[], values: ReadArguments['values']): void {
  if (values['help'] === true) return
  const { min, max } = command.count ?? { min: 0, max: 0 }
  const usage = `model-sync ${command.name}${command.operands === undefined ? '' : ` ${command.operands}`}`
  if (found.length < min)
    throw new UsageError(`${command.operands ?? 'an operand'} is missing; expected ${usage}`, command.name)
  if (found.length > max) {
    const extra = found.slice(max).map(shownText)
    const hint =
      max === 0 && 'providers' in command.options
        ? `; providers are named by --providers ${found.every((text) => !mayBeSecret(text)) ? found.join(' ') : 'SLUG'}`
        : `; expected ${usage}`
    throw new UsageError(`${extra.join(', ')} is one operand too many for ${command.name}${hint}`, command.name)
  }
}
