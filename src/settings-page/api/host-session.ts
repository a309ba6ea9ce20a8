/** The session of a host that embeds the plugin, which takes the place of the admin token. */

/** Where people sign in to the host; `null`: the page asks for the admin token. */
export const hostSignInUrl = readSignInUrl()

function readSignInUrl(): string | null {
  const { content = '' } = document.querySelector<HTMLMetaElement>('meta[name="sign-in-url"]') ?? {}
  return content === '' ? null : new URL(content, location.origin).href
}
