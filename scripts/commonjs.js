/** Writes each entry's CommonJS twin into dist/: a file that requires the ES module (Node 20.19 and newer can), and its declarations. */
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const HEADER = '// Written by the build: the ES module beside it, for require().\n'

/**
 * @param {string} entry a built `.js` file with its `.d.ts` beside it
 * @throws Error when the declarations cannot be read
 */
export function writeCommonJs(entry) {
  const declarations = entry.replace(/\.js$/, '.d.ts')
  const module = `./${path.basename(entry)}`
  const names = exportsOf(declarations)
  const target = entry.replace(/\.js$/, '.cjs')
  const write = names.some(({ name }) => name === 'default') ? callable : plain
  const { code, types } = write(names, module)
  const from = `import type * as module from '${module}' with { 'resolution-mode': 'import' }\n`
  writeFileSync(target, `${HEADER}'use strict'\n${code}`)
  writeFileSync(target.replace(/\.cjs$/, '.d.cts'), `${HEADER}${from}${types}`)
}

/** @typedef {{ name: string, isValue: boolean, isType: boolean }} Exported */

/** @param {Exported[]} names @param {string} module */
function plain(names, module) {
  return {
    code: `module.exports = require('${module}')\n`,
    types: [
      ...values(names).map((name) => `export declare const ${name}: typeof module.${name}\n`),
      ...types(names).map((name) => `export type ${name} = module.${name}\n`),
      'export {}\n',
    ].join(''),
  }
}

/** As Fastify's own plugins: what is required is the plugin itself, with the other names on it. @param {Exported[]} names @param {string} module */
function callable(names, module) {
  return {
    code: `const module_ = require('${module}')\nmodule.exports = Object.assign(module_.default, module_)\n`,
    types: [
      'declare const plugin: typeof module.default & {\n',
      ...values(names).map((name) => `  ${name}: typeof module.${name}\n`),
      '}\ndeclare namespace plugin {\n',
      ...types(names).map((name) => `  export type ${name} = module.${name}\n`),
      '}\nexport = plugin\n',
    ].join(''),
  }
}

/** @param {Exported[]} names */
function values(names) {
  return names.filter(({ isValue }) => isValue).map(({ name }) => name)
}

/** @param {Exported[]} names */
function types(names) {
  return names.filter(({ isType }) => isType).map(({ name }) => name)
}

/** @param {string} file @returns {Exported[]} */
function exportsOf(file) {
  const program = ts.createProgram([file], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    noLib: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const source = program.getSourceFile(file)
  const symbol = source === undefined ? undefined : checker.getSymbolAtLocation(source)
  if (symbol === undefined) throw new Error(`${file} has no exports`)
  return checker.getExportsOfModule(symbol).map((exported) => {
    const { flags } = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    return {
      name: exported.name,
      isValue: (flags & ts.SymbolFlags.Value) !== 0 && !isTypeOnly(exported),
      isType: (flags & ts.SymbolFlags.Type) !== 0,
    }
  })
}

/** Whether it leaves its module by `export type`. @param {ts.Symbol} symbol */
function isTypeOnly(symbol) {
  return (symbol.declarations ?? []).some(
    (declaration) =>
      ts.isExportSpecifier(declaration) && (declaration.isTypeOnly || declaration.parent.parent.isTypeOnly),
  )
}
