/** The lint rule that nobody changes what another module has made: no member of an import is set, deleted or defined anew. */

// Their first argument is changed.
const CHANGING =
  /^(?:Object\.(?:assign|define(?:Property|Properties)|setPrototypeOf|freeze|seal)|Reflect\.(?:set|defineProperty|deleteProperty))$/

/** @type {import('eslint').Rule.RuleModule} */
export const importsUnchanged = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const { sourceCode } = context
    /** @param {any} node the name, or a member of it, or of that @returns {boolean} */
    const changes = (node) => {
      const { parent } = node
      // A type assertion.
      if (parent.type.startsWith('TS') && parent.expression === node) return changes(parent)
      if (parent.type === 'MemberExpression' && parent.object === node) return changesTarget(parent) || changes(parent)
      return parent.type === 'CallExpression' && parent.arguments[0] === node && isChanging(parent.callee)
    }
    /** @param {any} callee */
    const isChanging = (callee) => CHANGING.test(sourceCode.getText(callee))
    return {
      ImportDeclaration(node) {
        for (const { references } of sourceCode.getDeclaredVariables(node))
          for (const { identifier } of references)
            if (changes(identifier))
              context.report({ node: identifier, message: `${identifier.name} is imported, and stays as it is` })
      },
    }
  },
}

/** @param {any} member */
function changesTarget({ parent, ...member }) {
  if (parent.type === 'AssignmentExpression') return parent.left.range[0] === member.range[0]
  return parent.type === 'UpdateExpression' || (parent.type === 'UnaryExpression' && parent.operator === 'delete')
}
