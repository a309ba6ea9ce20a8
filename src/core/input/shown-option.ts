/** How a message shows the value of an option: never one that is secret, and none that could be a secret in the wrong place. */
import { withoutCredentials } from './address-text.js'

/**
 * Options whose values nobody may see, by the last part of their names or by their variables: keys, tokens, secrets, passwords; addresses that hold a
 * password or are a secret themselves (DATABASE_URL, proxies, targets of news). `tls.key` is a path.
 */
const SECRET =
  /(?<!tls[._])key$|keySettings|keyVariable|secret|password|passphrase|^token$|(admin|access|api|read)_?tokens?(?![a-z])|database_?url|(?<!trust_?)proxy|headers|\bnews|_NEWS|smtp/i

/** What makers of keys begin them with. */
const KEY_PREFIX =
  /(^|[^a-z\d])(?:sk|pk|rk|gsk|hf|xai|pplx|ghp|gho|glpat|fw|nvapi|csk|r8|whsec|bearer|basic)[-_ ]|AIza|AKIA|eyJ|-----BEGIN|MII[A-Z]/i
const PLAIN_CHARACTERS = /^[\w.:/,;*+%$€£~<>=[\] -]*$/
const LIKE_A_NUMBER = /^[-+$€£~<>=\s]*\d[\d.,_\s:TZ%kKmMbBgGeE+-]*$/
const LONGEST = 80
const LONGEST_WORD = 24
// `v1`, `e2e`, `10m`: with more letters and digits in a row it may as well be a password.
const LONGEST_MIX = 5

/** Whether no message may hold the option's value. @param name the option's, its path, or its variable */
export function isSecretOption(name: string): boolean {
  return SECRET.test(name)
}

/**
 * `"abc"`; an address without user, password and query; `a text of 32 characters`; `not valid` for what is secret or no single value.
 * @param name the option's, its path, or its variable
 */
export function shownOption(name: string, value: unknown): string {
  if (isSecretOption(name) || (typeof value === 'object' && value !== null)) return 'not valid'
  return typeof value === 'string' ? shownText(value) : String(JSON.stringify(value))
}

/** As {@link shownOption}, of a text whose name is no secret's. */
export function shownText(text: string): string {
  return plainText(text) ?? `a text of ${text.length} characters`
}

/** The text, quoted, an address without its secrets; `null`: it could be a secret. */
export function plainText(text: string): string | null {
  const bare = withoutCredentials(text)
    .replace(/^([a-z][a-z\d+.-]*:\/*|\/+)?[^\s/?#]*@/i, '$1')
    .replace(/[?#].*$/s, '')
  return isPlain(bare) && (bare !== '' || text === '') ? JSON.stringify(bare) : null
}

function isPlain(text: string): boolean {
  return text.length <= LONGEST && PLAIN_CHARACTERS.test(text) && !mayBeSecret(text)
}

/** Whether a word of it is made as keys and passwords are. */
export function mayBeSecret(text: string): boolean {
  if (KEY_PREFIX.test(text)) return true
  return !LIKE_A_NUMBER.test(text) && !text.split(/[^a-z\d]+/i).every(isPlainWord)
}

function isPlainWord(word: string): boolean {
  if (/^[a-z]*$/i.test(word)) return word.length <= LONGEST_WORD
  return /^\d+$/.test(word) || word.length <= LONGEST_MIX
}
