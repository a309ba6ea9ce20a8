/** What the server says in the page itself of who may do what, and of where people sign in. */

/** Where people sign in to the host; `null`: the page asks for the admin token. */
export const hostSignInUrl = readSignInUrl()

/** Reading needs a token too, or the host's session. */
export const readsClosed = metaOf('reads') === 'closed'

function readSignInUrl(): string | null {
  const content = metaOf('sign-in-url')
  return content === '' ? null : new URL(content, location.origin).href
}

function metaOf(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? ''
}
