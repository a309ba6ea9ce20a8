/** Writes the types of schemas out: a host that imports them needs no package for it, and an editor shows what they are. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

/**
 * Of each declaration file of `core` that imports TypeBox only the types stay, with their members in place of `Static<…>`.
 * @param {string} root of the repository, whose `src` was compiled into `dist`
 */
export function writePlainDeclarations(root) {
  const core = path.join(root, 'dist/core')
  const typed = /** @type {string[]} */ (readdirSync(core, { recursive: true }))
    .filter((file) => file.endsWith('.d.ts'))
    .filter((file) => /from ['"]typebox['"]/.test(readFileSync(path.join(core, file), 'utf8')))
  const sources = typed.map((file) => path.join(root, 'src/core', file.replace(/\.d\.ts$/, '.ts')))
  const config = ts.readConfigFile(path.join(root, 'tsconfig.json'), ts.sys.readFile).config
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root)
  const program = ts.createProgram(sources, { ...options, noEmit: true })
  const writer = new Writer(program)
  sources.forEach((source, index) => {
    const file = program.getSourceFile(source)
    if (file !== undefined) writeFileSync(path.join(core, typed[index] ?? ''), writer.declarationsOf(file))
  })
}

class Writer {
  file = ''
  /** What the types of the file name of other files, with the file. @type {Map<string, string>} */
  imports = new Map()
  /** Types that have a name, for where TypeBox has lost it. @type {{ symbol: ts.Symbol, type: ts.Type }[]} */
  known

  /** @param {ts.Program} program */
  constructor(program) {
    this.checker = program.getTypeChecker()
    this.known = program
      .getSourceFiles()
      .filter(({ fileName }) => /\/src\/core\//.test(fileName))
      .flatMap(exportedTypes)
      .filter((statement) => statement.typeParameters === undefined)
      .map(({ name }) => ({ symbol: this.symbolOf(name), type: this.checker.getTypeAtLocation(name) }))
  }

  /** @param {ts.SourceFile} file */
  declarationsOf(file) {
    this.file = file.fileName
    this.imports = new Map()
    const texts = exportedTypes(file).map(({ name }) => {
      const symbol = this.symbolOf(name)
      const text = this.textOf(this.checker.getTypeAtLocation(name), '', symbol)
      return `${this.docOf(symbol, '')}export type ${name.text} = ${text}\n`
    })
    const imports = [...this.imports].map(([name, from]) => `import type { ${name} } from '${from}'\n`)
    return [...imports, ...texts, 'export {}\n'].join('')
  }

  /** @param {ts.Type} type @param {string} indent @param {ts.Symbol} [own] what is being declared @returns {string} */
  textOf(type, indent, own) {
    if (indent.length > 40) throw new Error(`${this.file} has a type without end: ${this.checker.typeToString(type)}`)
    const symbol = this.nameOf(type)
    if (symbol !== undefined && symbol !== own) return this.imported(symbol)
    if (type.isUnion()) return this.unionOf(type, indent, own)
    if (this.checker.isArrayType(type)) {
      const [member = type] = this.checker.getTypeArguments(/** @type {ts.TypeReference} */ (type))
      const text = this.textOf(member, indent)
      const list = member.isUnion() && text.includes(' | ') ? `(${text})[]` : `${text}[]`
      return type.symbol.name === 'ReadonlyArray' ? `readonly ${list}` : list
    }
    const hasMembers = (type.flags & ts.TypeFlags.Object) !== 0 || type.isIntersection()
    return hasMembers ? this.membersOf(type, indent) : this.checker.typeToString(type)
  }

  /** @param {ts.Type} type @param {string} indent */
  membersOf(type, indent) {
    const inner = `${indent}    `
    const [index] = this.checker.getIndexInfosOfType(type)
    const members = this.checker.getPropertiesOfType(type).map((member) => {
      const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0
      const text = this.textOf(this.checker.getTypeOfSymbol(member), inner)
      // What takes undefined here takes it with exactOptionalPropertyTypes too.
      return `${this.docOf(member, inner)}${inner}${member.name}${isOptional ? '?' : ''}: ${text}${isOptional ? ' | undefined' : ''};\n`
    })
    if (index !== undefined) members.push(`${inner}[name: string]: ${this.textOf(index.type, inner)};\n`)
    return `{\n${members.join('')}${indent}}`
  }

  /** `null` comes last; undefined is said by the member that it is of. @param {ts.UnionType} type @param {string} indent @param {ts.Symbol} [own] */
  unionOf(type, indent, own) {
    const isEmpty = (/** @type {ts.Type} */ { flags }) => (flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) !== 0
    const rest = type.types.filter((member) => !isEmpty(member))
    const isNullable = type.types.some(({ flags }) => flags & ts.TypeFlags.Null)
    const symbol = rest.length < type.types.length ? this.nameOf(this.checker.getNonNullableType(type)) : undefined
    const named = symbol === undefined || symbol === own ? [] : [this.imported(symbol)]
    const texts = named.length > 0 ? named : rest.map((member) => this.textOf(member, indent))
    const isBoolean = texts.includes('true') && texts.includes('false')
    const words = isBoolean ? ['boolean', ...texts.filter((text) => !['true', 'false'].includes(text))] : texts
    return [...new Set(words), ...(isNullable ? ['null'] : [])].join(' | ')
  }

  /** Of a type that `src` exports, by that name or one that is the same. @param {ts.Type} type @returns {ts.Symbol | undefined} */
  nameOf(type) {
    const symbol = type.aliasSymbol ?? (type.isClassOrInterface() ? type.symbol : undefined)
    if (symbol !== undefined && this.known.some((known) => known.symbol === symbol)) return symbol
    if (!isComposed(type)) return undefined
    return this.known.find((known) => isComposed(known.type) && this.isSame(known.type, type))?.symbol
  }

  /** @param {ts.Type} a @param {ts.Type} b */
  isSame(a, b) {
    const members = (/** @type {ts.Type} */ type) =>
      type.isUnion()
        ? ''
        : type
            .getProperties()
            .map(({ name }) => name)
            .sort()
            .join()
    return members(a) === members(b) && this.checker.isTypeAssignableTo(a, b) && this.checker.isTypeAssignableTo(b, a)
  }

  /** @param {ts.Symbol} symbol */
  imported(symbol) {
    const from = symbol.declarations?.[0]?.getSourceFile().fileName ?? ''
    if (from !== this.file) {
      const relative = path.relative(path.dirname(this.file), from).replace(/\.ts$/, '.js')
      this.imports.set(symbol.name, relative.startsWith('.') ? relative : `./${relative}`)
    }
    return symbol.name
  }

  /** @param {ts.Symbol} symbol @param {string} indent */
  docOf(symbol, indent) {
    const text = ts.displayPartsToString(symbol.getDocumentationComment(this.checker))
    return text === '' ? '' : `${indent}/** ${text} */\n`
  }

  /** @param {ts.Identifier} name */
  symbolOf(name) {
    const symbol = this.checker.getSymbolAtLocation(name)
    if (symbol === undefined) throw new Error(`${name.text} has no symbol`)
    return symbol
  }
}

/** An object with members, or some of several words. @param {ts.Type} type */
function isComposed(type) {
  if (type.isUnion()) return type.types.every((member) => member.isStringLiteral())
  return (
    (type.flags & ts.TypeFlags.Object) !== 0 && type.getProperties().length > 1 && type.getCallSignatures().length === 0
  )
}

/** @param {ts.SourceFile} file @returns {(ts.TypeAliasDeclaration | ts.InterfaceDeclaration)[]} */
function exportedTypes({ statements }) {
  return statements.flatMap((statement) =>
    (ts.isTypeAliasDeclaration(statement) || ts.isInterfaceDeclaration(statement)) && isExported(statement)
      ? [statement]
      : [],
  )
}

/** @param {ts.Node} node */
function isExported(node) {
  return (ts.getCombinedModifierFlags(/** @type {ts.Declaration} */ (node)) & ts.ModifierFlags.Export) !== 0
}
