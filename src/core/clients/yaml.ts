/** YAML of plain data, in the part of it that YAML 1.1 and 1.2 read alike. Pure. */
import { Big } from '../model/big.js'
import { escapeUnseen } from '../input/one-line.js'

export type Plain = string | number | boolean | readonly Plain[] | PlainRecord
/** A member that is undefined is left out. */
export interface PlainRecord {
  readonly [member: string]: Plain | undefined
}

// Anything else, numbers among it, may be read as something other than a text; so may `y`, `no` and `null`, which no member is called.
const BARE_KEY = /^[a-zA-Z]\w{1,40}$/

/** One item of a list, `- name: …`, and the lines below it. @param indent spaces before the hyphen */
export function yamlItem(value: Plain, indent: number): string {
  const text = yamlBlock(value, indent + 2)
  return `${' '.repeat(indent)}- ${text.trimStart()}`
}

/** What {@link yamlItem} holds, from the first line's indent on; ends in a line end. */
function yamlBlock(value: Plain, indent: number): string {
  const pad = ' '.repeat(indent)
  if (isList(value) && value.length > 0) return value.map((one) => yamlItem(one, indent)).join('')
  if (isRecord(value)) {
    const members = Object.entries(value).filter((member): member is [string, Plain] => member[1] !== undefined)
    if (members.length > 0) return members.map(([key, one]) => `${pad}${yamlMember(key, one, indent)}`).join('')
  }
  return `${pad}${yamlScalar(value)}\n`
}

function yamlMember(key: string, value: Plain, indent: number): string {
  const name = BARE_KEY.test(key) ? key : yamlScalar(key)
  const isNested = typeof value === 'object' && Object.values(value).some((one) => one !== undefined)
  return isNested ? `${name}:\n${yamlBlock(value, indent + 2)}` : `${name}: ${yamlScalar(value)}\n`
}

/** In one line. Quoted as JSON, which is YAML; a number without an exponent, since `1e-7` is a text in YAML 1.1. */
export function yamlScalar(value: Plain): string {
  if (typeof value === 'number') return decimal(value)
  if (isList(value)) return `[${value.map(yamlScalar).join(', ')}]`
  if (isRecord(value)) {
    const members = Object.entries(value).filter((member): member is [string, Plain] => member[1] !== undefined)
    return `{${members.map(([key, one]) => `${yamlScalar(key)}: ${yamlScalar(one)}`).join(', ')}}`
  }
  return escapeUnseen(JSON.stringify(value))
}

function decimal(value: number): string {
  return Number.isInteger(value) ? String(value) : new Big(value).toFixed()
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value)
}

function isRecord(value: Plain): value is PlainRecord {
  return typeof value === 'object' && !isList(value)
}
