/** Takes the lists of a JSON text apart, so that their members can be parsed one by one, and a long one holds nobody up. */
import { parse } from 'lossless-json'
import { isRecord } from '../sources/kit/entry.js'
import { pauses } from '../pauses.js'

export interface ListMember {
  entry: unknown
  /** As it is spelled, each number to the letter. */
  text: string
}

/**
 * @param text which `JSON.parse` takes
 * @param entriesOf finds the entries in the answer
 */
export async function membersOfLists(
  text: string,
  entriesOf: (body: unknown) => readonly unknown[],
): Promise<ListMember[]> {
  const texts: string[] = []
  const rest = pauses()
  const body: unknown = JSON.parse(await frameOf(text, texts))
  const spelled = new Map<unknown, string>()
  for (const list of listsIn(body)) {
    for (const [at, index] of list.entries()) {
      const member = texts[index as number] ?? 'null'
      spelled.set((list[at] = JSON.parse(member)), member)
      await rest()
    }
  }
  return entriesOf(body).map((entry) => ({ entry, text: spelled.get(entry) ?? JSON.stringify(entry) }))
}

/** The text's value, numbers as `LosslessNumber`. @throws SyntaxError and RangeError of the parser, whose words may quote the text */
export async function parseLosslessly(text: string): Promise<unknown> {
  const texts: string[] = []
  const rest = pauses()
  const body = parse(await frameOf(text, texts))
  for (const list of listsIn(body)) {
    for (const [at, index] of list.entries()) {
      list[at] = parse(texts[Number(index)] ?? '')
      await rest()
    }
  }
  return body
}

function* listsIn(body: unknown): Generator<unknown[]> {
  if (Array.isArray(body)) yield body as unknown[]
  else if (isRecord(body)) for (const member of Object.values(body)) yield* listsIn(member)
}

/** A whole text, or the rest behind a quote that nothing ends, or one character that structures. */
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|[{}[\],]/g
// A look at the clock for each would take longer than they do.
const TOKENS_PER_LOOK = 1000

/** The text with the members of each outermost list replaced by their places in `members`. */
async function frameOf(text: string, members: string[]): Promise<string> {
  const frame: string[] = []
  let end = 0
  /** Levels below the outermost list; 0: outside of one. */
  let depth = 0
  let count = 0
  const rest = pauses()
  const take = (until: number): void => {
    const member = text.slice(end, until)
    // An empty list has none.
    if (member.trim() !== '') frame.push(String(members.push(member) - 1))
    end = until
  }
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (++count % TOKENS_PER_LOOK === 0) await rest()
    if (token.startsWith('"')) continue
    if (depth === 0) {
      if (token !== '[') continue
      frame.push(text.slice(end, index + 1))
      end = index + 1
      depth = 1
    } else if (token === '[' || token === '{') depth++
    else if (depth === 1 && token === ',') {
      take(index)
      frame.push(',')
      end = index + 1
    } else if (token !== ',' && --depth === 0) take(index)
  }
  frame.push(text.slice(end))
  return frame.join('')
}
