/** A program of the sources or the tests as a process of its own: compiled as the test that starts it is, else through tsx. */
import { fileURLToPath } from 'node:url'

export interface Program {
  file: string
  execArgv: string[]
}

/** @param url `new URL('<path>.js', import.meta.url)`, as it is imported */
export function program(url: URL): Program {
  const file = fileURLToPath(url)
  if (import.meta.url.endsWith('.js')) return { file, execArgv: ['--enable-source-maps'] }
  return { file: file.replace(/\.js$/, '.ts'), execArgv: ['--import', import.meta.resolve('tsx')] }
}
