/** The help: of the whole, and of each command. */
import { COMMON, type Command, type Options } from './command.js'

const WIDTH = 120

/** @param commands in the order in which they are shown; the first is the default */
export function describeAll(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name }) => name.length))
  return [
    'Keeps a catalogue of LLM models in step with LiteLLM and provider APIs.',
    '',
    'Usage: model-sync [command] [options]',
    '',
    'Commands:',
    ...commands.map(
      ({ name, summary }, index) => `  ${name.padEnd(width)}  ${summary}${index === 0 ? ' (the default)' : ''}`,
    ),
    '',
    'Options of every command:',
    ...describeOptions(COMMON),
    '',
    'model-sync <command> --help says more about one of them.',
    '',
    'The catalogue is in the PostgreSQL of DATABASE_URL, or in the embedded database of MODEL_SYNC_DATA_DIR; settings come',
    'from the environment and from .env in the working directory. Data goes to stdout, progress and logs go to stderr.',
    'Exit codes: 0 done, 1 failed, 64 wrong usage, 130 interrupted.',
  ].join('\n')
}

export function describeCommand({ name, summary, operands, options, notes = [], examples }: Command): string {
  const own = Object.keys(options).length === 0 ? [] : ['', 'Options:', ...describeOptions(options)]
  return [
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    '',
    `Usage: model-sync ${name}${operands === undefined ? '' : ` ${operands}`} [options]`,
    ...own,
    '',
    'Options of every command:',
    ...describeOptions(COMMON),
    ...(notes.length === 0 ? [] : ['', ...notes]),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
  ].join('\n')
}

function describeOptions(options: Options): string[] {
  const rows = Object.entries(options).map(([name, { short, value, type, several, choices, description }]) => {
    const operand = type === 'boolean' ? '' : ` ${value ?? 'VALUE'}${several === true ? ' …' : ''}`
    // With a dash in front it is the same word, the other way round.
    const words = choices?.filter((choice) => !choice.startsWith('-')).join(', ')
    const left = `${short === undefined ? '    ' : `-${short}, `}--${name}${operand}`
    return [left, words === undefined ? description : `${description}: ${words}`] as const
  })
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.flatMap(([left, right]) => {
    const [first = '', ...others] = wrap(right, WIDTH - width - 4)
    return [`  ${left.padEnd(width)}  ${first}`, ...others.map((line) => `${' '.repeat(width + 4)}${line}`)]
  })
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length >= width) {
      lines.push(line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, line]
}
