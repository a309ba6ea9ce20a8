/** commentOf and remedyOf: what the comment in front of a declaration says. */
import ts from 'typescript'

/** In one line, without tags; empty when there is none. */
export function commentOf(node: ts.Node): string {
  return plain(lastOf(node)?.comment)
}

/** What `@remedy` says. */
export function remedyOf(node: ts.Node): string {
  const tag = lastOf(node)?.tags?.find(({ tagName }) => tagName.text === 'remedy')
  return plain(tag?.comment)
}

function lastOf(node: ts.Node): ts.JSDoc | undefined {
  return ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc).at(-1)
}

function plain(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? '').replaceAll(/\s+/g, ' ').trim()
}
