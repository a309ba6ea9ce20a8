/** Parts of the page that are loaded when they are first shown, also when the server is away at that moment. */
import { lazy } from 'react'
import type { ComponentType, LazyExoticComponent } from 'react'

// Milliseconds.
const RETRY_INTERVAL = 3_000

/**
 * A component that is loaded when it is first shown. A server that is away or starting is waited for; a file that a server which
 * answers does not have is an error of the component, to be caught by the boundary around it.
 */
export function loadPart<Props>(load: () => Promise<ComponentType<Props>>): LazyExoticComponent<ComponentType<Props>> {
  return lazy(async () => {
    try {
      return { default: await load() }
    } catch {
      await serverAnswers()
      return { default: await load() }
    }
  })
}

async function serverAnswers(): Promise<void> {
  for (;;) {
    // React keeps the failure of a lazy component for ever, so that it must not fail before there is a reason to.
    const response = await fetch(location.href, { method: 'HEAD', cache: 'no-store' }).catch(() => null)
    // 5xx: a server that listens while it starts, or a proxy whose backend is away; neither has the part either.
    if (response !== null && response.status < 500) return
    await new Promise((resolve) => setTimeout(resolve, RETRY_INTERVAL))
  }
}
