/** The examples of a document, so that tests run what users copy. */
import { readdirSync, readFileSync } from 'node:fs'
import { ROOT } from './root.js'

/**
 * @param file from the repository's folder
 * @param language what stands behind the fence (`tsx`)
 * @returns the code of each, in order
 * @throws when there is none
 */
export function documented(file: string, language: string): string[] {
  const text = readFileSync(new URL(file, ROOT), 'utf8')
  const examples = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(
    ([, code = '']) => code,
  )
  if (examples.length === 0) throw new Error(`${file} has no example in ${language}`)
  return examples
}

export interface Example {
  page: string
  language: string
  code: string
}

/** Every fenced block of README.md and docs/. */
export const EXAMPLES: readonly Example[] = [
  'README.md',
  ...(readdirSync(new URL('docs/', ROOT), { recursive: true }) as string[]).map(
    (name) => `docs/${name.replaceAll('\\', '/')}`,
  ),
]
  .filter((name) => name.endsWith('.md'))
  .flatMap((page) =>
    [...readFileSync(new URL(page, ROOT), 'utf8').matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
      ([, language = '', code = '']) => ({ page, language, code }),
    ),
  )
