/** Lint rules; the import directions are the architecture, checked (`scripts/architecture.js`). */
import { builtinModules } from 'node:module'
import js from '@eslint/js'
import tseslint from 'typescript-eslint'
import { importsAsDrawn, LAYERS } from './scripts/architecture.js'
import { importsUnchanged } from './scripts/imports-unchanged.js'

const FASTIFY = ['fastify', 'fastify-plugin', '@fastify/*', '!@fastify/error']
// Those that a host's Fastify runs through.
const KNOWS_FASTIFY = ['routes', 'plugins', 'plugin', 'server', 'index']

const NO_EXPORT_ALL = { selector: 'ExportAllDeclaration', message: 'list each public name' }
const NO_ENV = [
  ":matches(MemberExpression[property.name='env'], MemberExpression[property.value='env'])[object.name='process']",
  "VariableDeclarator[init.name='process'] > ObjectPattern",
  'ImportDeclaration[source.value=/^(node:)?process$/]',
].map((selector) => ({ selector, message: 'only options.ts reads the environment' }))
const NO_SQL = {
  selector: "CallExpression > MemberExpression.callee:matches([property.name='query'], [property.value='query'])",
  message: 'statements are sent by store/ alone',
}
const PURE = [
  ...['process', 'fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance', 'crypto'],
  ...['console', 'globalThis', 'global', 'require', 'WebSocket', 'EventSource', 'MessageChannel'],
].map((name) => ({ name, message: 'core has no clock, timers, chance, environment, network or output' }))
const PURE_SYNTAX = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'core has no clock' },
  { selector: "CallExpression[callee.name='Date']", message: 'core has no clock' },
  { selector: 'ImportExpression', message: 'core loads nothing later' },
]
const PURE_MEMBERS = [
  { object: 'Date', property: 'now', message: 'core has no clock' },
  { object: 'Math', property: 'random', message: 'core has no chance' },
  { object: 'AbortSignal', property: 'timeout', message: 'core has no timers' },
]
const IMPURE_PACKAGES = [...FASTIFY, 'node:*', ...builtinModules, 'pg', 'undici', 'pino']

const fastifyFree = Object.keys(LAYERS).filter((layer) => !KNOWS_FASTIFY.includes(layer) && layer !== 'settings-page')

export default tseslint.config(
  { ignores: ['dist/', 'test/e2e/hosts/', 'data/', '.tap/', '.cache/', 'node_modules/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    files: ['**/*.{ts,tsx}'],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './tsconfig.client.json', './tsconfig.page.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          varsIgnorePattern: '^_+$',
          argsIgnorePattern: '^_',
          destructuredArrayIgnorePattern: '^_',
          ignoreRestSiblings: true,
        },
      ],
      'no-restricted-syntax': ['error', NO_EXPORT_ALL],
    },
  },
  {
    files: ['**/*.{js,cjs}'],
    languageOptions: {
      globals: {
        process: 'readonly',
        URL: 'readonly',
        console: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        setImmediate: 'readonly',
      },
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    plugins: { architecture: { rules: { imports: importsAsDrawn, 'imports-unchanged': importsUnchanged } } },
    rules: { 'architecture/imports': 'error', 'no-restricted-syntax': ['error', NO_EXPORT_ALL, ...NO_ENV, NO_SQL] },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    // A file of routes is a list of them.
    ignores: ['src/routes/*.ts'],
    rules: { 'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }] },
  },
  // direct.ts must not load the schema of all options.
  {
    files: ['src/options.ts', 'src/direct.ts'],
    rules: { 'no-restricted-syntax': ['error', NO_EXPORT_ALL, NO_SQL] },
  },
  { files: ['src/store/**/*.ts'], rules: { 'no-restricted-syntax': ['error', NO_EXPORT_ALL, ...NO_ENV] } },
  {
    files: fastifyFree.flatMap((layer) => [`src/${layer}/**/*.{ts,tsx}`, `src/${layer}.ts`]),
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: FASTIFY, message: 'nothing here knows of Fastify' }] },
      ],
    },
  },
  {
    files: ['src/core/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: IMPURE_PACKAGES, message: 'core is pure' }] },
      ],
      'no-restricted-globals': ['error', ...PURE],
      'no-restricted-properties': ['error', ...PURE_MEMBERS],
      'no-import-assign': 'error',
      'architecture/imports-unchanged': 'error',
      'no-restricted-syntax': ['error', NO_EXPORT_ALL, ...NO_ENV, NO_SQL, ...PURE_SYNTAX],
    },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
)
