/** What a command is: its name, its options, and what it does with a catalogue. */
import type { Backend } from '../backend/backend.js'
import type { Output } from '../output/output.js'
import type { Progress } from '../output/progress.js'

export interface Option {
  type: 'string' | 'boolean'
  /** One letter. */
  short?: string
  /** Several values after one flag (`--providers a b`), with commas, or the flag several times. */
  several?: boolean
  /** What stands for the value in the help: `SLUG`. */
  value?: string
  /** Every value that is allowed. */
  choices?: readonly string[]
  description: string
}
export type Options = Readonly<Record<string, Option>>

type Value<O extends Option> = O['type'] extends 'boolean'
  ? boolean
  : O extends { several: true }
    ? string[]
    : O extends { choices: readonly (infer Choice)[] }
      ? Choice
      : string

/** What was given, by option; one that was not given is left out. */
export type Values<T extends Options> = { [Name in keyof T]?: Value<T[Name]> }

export interface Context<T extends Options = Options> {
  values: Values<T>
  positionals: readonly string[]
  output: Output
  progress: Progress
  /** Aborted by Ctrl-C. */
  signal: AbortSignal
  json: boolean
  verbose: boolean
  /** `--url …` as it was given, to stand in the commands that are proposed; empty without it. */
  connection: string
  /** Asks a person; true where there is no terminal. */
  confirm(question: string): Promise<boolean>
  /** Opened when first asked for, closed after the command. `named`: slugs that it is about to sync. */
  backend(named?: readonly string[]): Promise<Backend>
}

export interface Command<T extends Options = Options> {
  name: string
  /** One line for the list of commands. */
  summary: string
  /** What comes behind the name, options apart: `<id>`. */
  operands?: string
  /** How many operands there must be. Default none. */
  count?: { min: number; max: number }
  options: T
  /** Below the options in the help. */
  notes?: readonly string[]
  examples: readonly string[]
  /** @returns the exit code */
  run(context: Context<T>): Promise<number>
}

/** As it is, with the types of the values that its options have; in the table every command looks alike. */
export function defineCommand<const T extends Options>(command: Command<T>): Command {
  return command as unknown as Command
}

/** For every command. */
export const COMMON = {
  url: {
    type: 'string',
    value: 'URL',
    description: 'go through the API of a running server, with its prefix if it has one',
  },
  token: {
    type: 'string',
    value: 'TOKEN',
    description: 'its admin token; a file or ADMIN_TOKEN is the better place, since others can read a command line',
  },
  'token-file': { type: 'string', value: 'FILE', description: 'a file that holds its admin token' },
  json: { type: 'boolean', description: 'print JSON, as the API answers it' },
  verbose: { type: 'boolean', short: 'v', description: 'log everything (DEBUG) on stderr' },
  help: { type: 'boolean', short: 'h', description: 'print this' },
} as const satisfies Options
