/** The page that stands in for the settings page until the application is there: what it waits for, in the same looks. */
import { createHash } from 'node:crypto'

// The colours, type and shapes of settings-page/styles/tokens.css, whose file may not be built.
const STYLE = `
:root { color-scheme: light dark; --bg: #f6f7f9; --surface: #fff; --border: #e3e6eb; --text: #171b22; --muted: #586171; --accent: #3550d0; --soft: #ebeefc }
@media (prefers-color-scheme: dark) { :root { --bg: #0e1116; --surface: #161a21; --border: #29303a; --text: #e6e9ef; --muted: #9ca6b6; --accent: #93a5ff; --soft: #1d2342 } }
* { box-sizing: border-box; margin: 0 }
body { min-height: 100dvh; min-width: 320px; background: var(--bg); color: var(--text); font: 14px/1.5 ui-sans-serif, -apple-system, 'Segoe UI', Roboto, Ubuntu, Cantarell, 'Noto Sans', 'Liberation Sans', system-ui, sans-serif }
header { display: flex; align-items: center; gap: 10px; min-height: 56px; padding: 0 24px; border-bottom: 1px solid var(--border); background: var(--surface); font-weight: 650; letter-spacing: -0.01em }
main { max-width: 460px; margin: 12vh auto 0; padding: 0 16px }
section { padding: 24px; border: 1px solid var(--border); border-radius: 10px; background: var(--surface) }
h1 { font-size: 16px; font-weight: 650; line-height: 1.3; letter-spacing: -0.01em }
p { margin-top: 8px; overflow-wrap: anywhere }
.muted { color: var(--muted) }
.bar { height: 4px; margin-top: 16px; overflow: hidden; border-radius: 2px; background: var(--soft) }
.bar::before { content: ''; display: block; width: 30%; height: 100%; border-radius: 2px; background: var(--accent); animation: pass 1.6s ease-in-out infinite }
@keyframes pass { from { translate: -100% 0 } to { translate: 340% 0 } }
@media (prefers-reduced-motion: reduce) { .bar::before { width: 100%; animation: none; opacity: 0.5 } }
`

// A reload, since a refresh without an address is a navigation within the fragment (`#token=…`), which loads nothing.
const SCRIPT = `
const line = document.getElementById('reason'), seconds = document.getElementById('seconds'), started = Date.now()
async function look() {
  seconds.textContent = Math.round((Date.now() - started) / 1000) + ' s'
  try {
    const answer = await fetch(location.pathname + location.search, { headers: { accept: 'application/json' }, cache: 'no-store' })
    const { code, reason } = answer.status === 503 ? await answer.json().catch(() => ({})) : {}
    if (code !== 'FST_MODEL_SYNC_STARTING') return location.reload()
    line.textContent = reason
  } catch { line.textContent = 'The server does not answer any more; its output says why.' }
  setTimeout(look, 500)
}
setTimeout(look, 500)
`

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="24" height="24" aria-hidden="true"><rect width="32" height="32" rx="8" fill="#3550d0"/><g fill="none" stroke="#fff" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"><path d="M8 14.5a8.2 8.2 0 0 1 14.6-3.6L24 13"/><path d="M24.2 7.6V13h-5.4"/><path d="M24 17.5a8.2 8.2 0 0 1-14.6 3.6L8 19"/><path d="M7.8 24.4V19h5.4"/></g></svg>`

const digest = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Nothing but the page's own script and style, and the question whether the application is there. */
export const WAITING_POLICY = `default-src 'none'; script-src ${digest(SCRIPT)}; style-src ${digest(STYLE)}; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'`

/** @param reason what is waited for, one sentence */
export function waitingPage(reason: string): string {
  const text = reason.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer"><title>Model Sync is starting</title><link rel="icon" href="data:,"><style>${STYLE}</style></head><body><header>${ICON}Model Sync</header><main><section aria-live="polite"><h1>Starting</h1><p id="reason">${text}</p><div class="bar"></div><p class="muted">This page opens by itself when the server is ready. <span id="seconds" aria-live="off"></span></p><noscript><p>Without JavaScript, reload it yourself.</p></noscript></section></main><script>${SCRIPT}</script></body></html>`
}
