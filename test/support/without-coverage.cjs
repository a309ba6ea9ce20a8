/**
 * Required into each test process, before tap's own hooks, which then stay away: they note every file that is loaded, for coverage and `--changed`,
 * which are not used here, and cost each process the better part of a second. tap has no switch for them.
 */
const nodeModule = process.getBuiltinModule('node:module')
const register = nodeModule.register

/** @type {(specifier: string | URL, options?: string | URL | import('node:module').RegisterOptions<unknown>) => void} */
nodeModule.register = (specifier, options) => {
  if (!String(specifier).includes('/@tapjs/processinfo/')) Reflect.apply(register, nodeModule, [specifier, options])
}
// Nor its hooks for CommonJS, nor the same in the processes that a test starts. @see @tapjs/processinfo, get-process-info.js
process.env.__TAPJS_PROCESSINFO_TESTING_NO_REGISTER__ = String(process.pid)
process.env.NODE_OPTIONS = process.env.NODE_OPTIONS?.replace(/"?--import=\S+\/@tapjs\/processinfo\/[^\s"]+"?/, '') ?? ''
