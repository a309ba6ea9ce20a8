/** docs/reference/cli.md: every command, out of its definition. */
import { COMMANDS, DEFAULT_COMMAND } from '../../src/cli/commands.js'
import { COMMON, type Command, type Options } from '../../src/cli/line/command.js'
import { code, page, sentence, table, type Page } from './markdown.js'

const INTRODUCTION = `\`model-sync\` (with npm: \`npx model-sync\`) runs the same engine without a server. It works on \`DATABASE_URL\` or on the embedded database. If a running server
holds the embedded database, \`--url\` goes through that server's API.

Settings come from the environment and from \`.env\` in the working directory. Data goes to stdout; progress and logs go to stderr. \`--json\` is for programs.

Without \`--providers\`, the command syncs what a server with the same settings syncs. If no setting says which providers you mean, it takes every provider that has a key
or needs none, as \`--all\` does; on a terminal it asks first, and \`--yes\` answers.`

const EXIT_CODES = [
  ['`0`', 'Done.'],
  ['`1`', 'Something failed or is held.'],
  ['`2`', 'With `plan --detailed-exitcode`: there are changes. With `status --exit-code`: something needs a person.'],
  ['`64`', 'Wrong usage.'],
  ['`130`', 'Interrupted with Ctrl-C. Nothing is half-applied.'],
]

export function cli(): Page {
  return page(
    'cli.md',
    'src/cli/commands/',
    '# Command line',
    INTRODUCTION,
    '## Exit codes',
    table(['Code', 'Meaning'], EXIT_CODES),
    '## Options of every command',
    optionTable(COMMON),
    COMMANDS.flatMap(describe),
  )
}

function describe(command: Command): string[] {
  const { name, summary, operands, options, notes = [], examples } = command
  const isDefault = command === DEFAULT_COMMAND
  return [
    `## ${name}`,
    `${sentence(summary)}${isDefault ? ' This is the default: `model-sync` alone does the same.' : ''}`,
    ...(operands === undefined ? [] : [`Usage: ${code(`model-sync ${name} ${operands}`)}`]),
    ...(Object.keys(options).length === 0 ? [] : [optionTable(options)]),
    ...(notes.length === 0 ? [] : [sentence(notes.join(' ').replaceAll(/<(\w+)>/g, '`<$1>`'))]),
    `\`\`\`sh\n${examples.join('\n')}\n\`\`\``,
  ]
}

function optionTable(options: Options): string {
  return table(
    ['Option', 'Meaning'],
    Object.entries(options).map(([name, { short, value, type, several, choices, description }]) => {
      const operand = type === 'boolean' ? '' : ` ${value ?? 'VALUE'}${several === true ? ' …' : ''}`
      const flags = `${short === undefined ? '' : `${code(`-${short}`)}, `}${code(`--${name}${operand}`)}`
      const words = choices?.filter((choice) => !choice.startsWith('-')).map(code)
      return [flags, sentence(words === undefined ? description : `${description}: ${words.join(', ')}`)]
    }),
  )
}
