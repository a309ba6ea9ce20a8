/** Addresses in texts of upstream: what may be kept of them. */

const ADDRESS =
  /([a-z][a-z\d+.-]{1,20}:\/\/)(?:[^\s/?#]*@)?([^\s?#"'<>()[\]]*)(?:\?[^\s#"'<>()[\]]*)?(?:#[^\s"'<>()[\]]*=[^\s"'<>()[\]]*)?/gi

/** The text, its addresses without user, password and query, where secrets stand. Throws nothing. */
export function withoutCredentials(text: string): string {
  return text.includes('://') ? text.replace(ADDRESS, '$1$2') : text
}
