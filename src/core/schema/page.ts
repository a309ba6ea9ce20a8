/** Pages of a list: what each takes, and where the next begins. */
import { Type, type Static } from 'typebox'
import { Text } from './nullable.js'

export const PageSchema = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 500,
      default: 50,
      description: 'rows on a page; fewer if they would exceed 4 MiB',
    }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 4096, pattern: '^[A-Za-z0-9_-]*={0,2}$', description: '`nextCursor` of the page before' }),
  ),
}
/** `limit` is 1 to 500, default 50; `cursor` is `nextCursor` of the page before. */
export type PageQuery = Static<ReturnType<typeof Type.Object<typeof PageSchema>>>

export const NextCursorSchema = Text
