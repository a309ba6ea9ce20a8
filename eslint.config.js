/** Lint rules; the import directions are the architecture, checked. */
import { readdirSync } from 'node:fs'
import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** Files below `src/<layer>` may import their own layer, these others, and no more. */
const LAYERS = {
  catalog: { may: [], message: 'catalog is pure and imports only catalog' },
  sources: {
    may: ['catalog', 'errors', 'optional-package'],
    message: 'sources import catalog, errors, optional-package and sources',
  },
  store: {
    may: ['catalog', 'errors', 'package-files'],
    message: 'store imports only catalog, errors and package-files',
  },
  locks: { may: ['errors'], message: 'locks import only errors' },
  embedded: {
    may: ['locks', 'errors', 'optional-package', 'package-files'],
    message: 'embedded imports only locks, errors, optional-package and package-files',
  },
  services: {
    may: ['catalog', 'sources', 'store', 'locks', 'errors', 'optional-package'],
    message: 'services import catalog, sources, store, locks, errors and optional-package',
  },
  routes: {
    may: ['catalog', 'errors', 'package-files'],
    message: 'routes reach services only through the decorator (types apart)',
    types: true,
  },
  client: {
    may: ['catalog'],
    message: 'the client runs in browsers: it talks HTTP, and shares only the words of catalog',
  },
  'settings-page': { may: ['client'], message: 'the settings page talks HTTP only, through the client' },
}
const FASTIFY = ['fastify', 'fastify-plugin', '@fastify/*', '!@fastify/error']
const NOT_PURE = ['node:*', 'pg', 'undici', 'pino']

const layers = Object.entries(LAYERS).flatMap(([layer, { may, message, types = false }]) =>
  // What leaves the layer's folder: one step up from its own files, two from those in a folder of it.
  [
    [`src/${layer}/*.{ts,tsx}`, '(\\.\\./)+'],
    [`src/${layer}/*/**/*.{ts,tsx}`, '(\\.\\./){2,}'],
  ].map(([files, up]) => ({
    files: [files],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: `^${up}(?!${[layer, ...may].map((name) => `${name}[/.]`).join('|')})[a-z]`,
              message,
              allowTypeImports: types,
            },
            ...(layer === 'catalog' ? [{ group: [...FASTIFY, ...NOT_PURE], message }] : []),
            ...(layer === 'routes' || layer === 'settings-page'
              ? []
              : [{ group: FASTIFY, message: `${layer} knows nothing of Fastify` }]),
            { regex: '(^|/)src/index\\.js$|^(\\.\\./)+index\\.js$', message: 'nobody inside imports the index' },
          ],
        },
      ],
    },
  })),
)

/** What several sources share: never a source itself. */
const SHARED = /^(index|source|fetch-.*|http-.*|entry-.*|listing-.*|openai-compatible)\.ts$/
// A source is a file of its own, or a family named after its first: litellm.ts, litellm-row.ts.
const sourceFiles = readdirSync(new URL('src/sources/', import.meta.url)).filter(
  (file) => file.endsWith('.ts') && !SHARED.test(file),
)
const familyOf = (file) => {
  const name = file.slice(0, -3)
  return sourceFiles.map((other) => other.slice(0, -3)).find((other) => name.startsWith(`${other}-`)) ?? name
}
const sources = sourceFiles.map((file) => ({
  files: [`src/sources/${file}`],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^\\./(?!source\\.js|openai-compatible\\.js|entry-|listing-|${familyOf(file)}[.-])`,
            message: 'a source imports catalog and source.ts, never another source, and fetches nothing',
          },
        ],
      },
    ],
  },
}))

const NO_EXPORT_ALL = { selector: 'ExportAllDeclaration', message: 'list each public name' }
const NO_ENV = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'only options.ts reads the environment',
}

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
    rules: {
      'no-restricted-syntax': ['error', NO_EXPORT_ALL, NO_ENV],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ regex: '^(\\./|(\\.\\./)+)index\\.js$', message: 'nobody inside imports the index' }] },
      ],
    },
  },
  // direct.ts must not load the schema of all options.
  { files: ['src/options.ts', 'src/direct.ts'], rules: { 'no-restricted-syntax': ['error', NO_EXPORT_ALL] } },
  ...layers,
  ...sources,
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-floating-promises': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
)
