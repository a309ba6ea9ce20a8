/**
 * Required into each test process, before tap itself: takes away what costs much and is not used here. tap has no switch for it.
 * - Its loader hooks, which note every file that is loaded, for coverage and `--changed`: the better part of a second for each process.
 * - Its async hooks, which follow every promise to the test that made it, for an error that nobody catches: a fifth of all time.
 *   Such an error is counted against the test that runs.
 */
const nodeModule = process.getBuiltinModule('node:module')
const asyncHooks = process.getBuiltinModule('node:async_hooks')
const register = nodeModule.register
const createHook = asyncHooks.createHook

/** @type {(specifier: string | URL, options?: string | URL | import('node:module').RegisterOptions<unknown>) => void} */
nodeModule.register = (specifier, options) => {
  if (!String(specifier).includes('/@tapjs/processinfo/')) Reflect.apply(register, nodeModule, [specifier, options])
}
// Nor its hooks for CommonJS, nor the same in the processes that a test starts. @see @tapjs/processinfo, get-process-info.js
process.env.__TAPJS_PROCESSINFO_TESTING_NO_REGISTER__ = String(process.pid)
process.env.NODE_OPTIONS = process.env.NODE_OPTIONS?.replace(/"?--import=\S+\/@tapjs\/processinfo\/[^\s"]+"?/, '') ?? ''

/** @type {typeof createHook} */
asyncHooks.createHook = (callbacks) => {
  const isDomain = new Error().stack?.includes('/async-hook-domain/') ?? false
  return createHook(isDomain ? {} : callbacks)
}
nodeModule.syncBuiltinESMExports()

/** @typedef {{ results?: unknown, activeSubtests?: Set<RunningTest>, threw(error: unknown): void }} RunningTest */

process.on('uncaughtException', (error) => {
  process.exitCode = 1
  // Where tap keeps the test of the whole process.
  let test = /** @type {RunningTest | undefined} */ (Reflect.get(globalThis, Symbol.for('TAP private constructor')))
  if (test === undefined) {
    console.error(error)
    process.exit()
  }
  for (let inner; (inner = [...(test.activeSubtests ?? [])].find(({ results }) => results === undefined));) test = inner
  test.threw(error)
})
