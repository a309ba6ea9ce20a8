/** A host's own, as the docs have it: everything in one file, for CommonJS and as an ES module. */
import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['server.js'],
  outDir: 'tsup',
  platform: 'node',
  target: 'node22',
  format: ['cjs', 'esm'],
  noExternal: [/.*/],
  external: ['pg-native'],
  minify: true,
  // Else the ES module comes in chunks beside it.
  splitting: false,
  outExtension: ({ format }) => ({ js: format === 'esm' ? '.mjs' : '.cjs' }),
  banner: ({ format }) =>
    format === 'esm'
      ? { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)" }
      : {},
})
