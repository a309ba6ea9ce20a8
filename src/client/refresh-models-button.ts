/** <refresh-models-button base-url token-provider>: the button alone, for a settings page that a host has already. */
import { ApiError } from './api-error.js'
import type { SyncEvent, SyncResult } from './contract.js'
import { createModelSyncClient, type ModelSyncClient } from './model-sync-client.js'
import { BUTTON_STYLES } from './refresh-models-button-styles.js'
import { describeFailure, describeResult } from './refresh-models-button-text.js'

/** What gives the bearer token, asked before each request; `null`: none. */
export type TokenProvider = () => string | null | Promise<string | null>

/** `detail` of each event; all bubble, and leave a shadow tree. */
export interface RefreshModelsButtonEvents {
  /** The button was pressed, or `refresh()` called. */
  'sync-started': CustomEvent<null>
  /** A provider is further. */
  'sync-progress': CustomEvent<Extract<SyncEvent, { event: 'progress' }>['data']>
  /** There is a result; it may tell of failures. */
  'sync-finished': CustomEvent<SyncResult>
  /** There is none: refused, or no answer. */
  'sync-failed': CustomEvent<Error>
}

/**
 * Attributes: `base-url` (where the plugin is mounted; default: beside the page), `token-provider` (name of a global function; or set the
 * property `tokenProvider`), `label` (default "Refresh Models"), `disabled`. Parts to style: `button`, `status`. A host's own session needs no
 * token provider: cookies of the same origin are sent.
 */
export class RefreshModelsButton extends HTMLElement {
  static readonly observedAttributes = ['label', 'disabled']

  /** Goes before the attribute. */
  tokenProvider: TokenProvider | null = null

  private readonly button = document.createElement('button')
  private readonly status = document.createElement('span')
  private running: Promise<SyncResult> | null = null

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open', delegatesFocus: true })
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(BUTTON_STYLES)
    // Not a <style>, which a strict Content-Security-Policy forbids.
    root.adoptedStyleSheets = [sheet]
    this.button.part.add('button')
    this.button.type = 'button'
    this.button.addEventListener('click', () => void this.refresh().catch(() => undefined))
    this.status.part.add('status')
    this.status.role = 'status'
    root.append(this.button, this.status)
  }

  connectedCallback(): void {
    this.show()
  }

  attributeChangedCallback(): void {
    this.show()
  }

  /** Starts a sync, or joins the one that this button has started. @throws ApiError, after it has told of it */
  refresh(): Promise<SyncResult> {
    this.running ??= this.run().finally(() => {
      this.running = null
      this.show()
    })
    return this.running
  }

  private async run(): Promise<SyncResult> {
    const listening = new AbortController()
    this.say('Asking the providers…', 'busy')
    this.show(true)
    this.tell('sync-started', null)
    try {
      const client = this.client()
      void this.follow(client, listening.signal)
      const result = await client.syncModels()
      this.say(describeResult(result), result.success ? 'good' : 'bad')
      this.tell('sync-finished', result)
      return result
    } catch (error) {
      this.say(describeFailure(error as Error), 'bad')
      this.tell('sync-failed', error as Error)
      throw error
    } finally {
      listening.abort()
    }
  }

  /** Progress is a courtesy: where it cannot be had, the button says that it waits. */
  private async follow(client: ModelSyncClient, signal: AbortSignal): Promise<void> {
    try {
      for await (const { event, data } of client.events({ signal })) {
        if (event !== 'progress') continue
        this.tell('sync-progress', data)
        if (data.state === 'fetching' && data.entries > 0)
          this.say(`${data.provider}: ${data.entries.toLocaleString()} entries read…`, 'busy')
      }
    } catch (error) {
      if (!signal.aborted && !(error instanceof ApiError)) throw error
    }
  }

  private client(): ModelSyncClient {
    const name = this.getAttribute('token-provider')
    const named = name === null ? undefined : (globalThis as Record<string, unknown>)[name]
    if (name !== null && this.tokenProvider === null && typeof named !== 'function')
      throw new TypeError(`token-provider is "${name}", and there is no such function on the page`)
    const token = this.tokenProvider ?? (named as TokenProvider | undefined)
    return createModelSyncClient({
      baseUrl: this.getAttribute('base-url') ?? '',
      token,
    })
  }

  private show(busy = this.running !== null): void {
    this.button.textContent = this.getAttribute('label') ?? 'Refresh Models'
    // Not `disabled` while it runs, which would take the focus away.
    this.button.disabled = this.hasAttribute('disabled')
    this.button.ariaDisabled = String(busy)
    this.button.ariaBusy = String(busy)
  }

  private say(text: string, state: 'busy' | 'good' | 'bad'): void {
    this.status.textContent = text
    this.status.dataset['state'] = state
  }

  private tell<Name extends keyof RefreshModelsButtonEvents>(
    name: Name,
    detail: RefreshModelsButtonEvents[Name]['detail'],
  ): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }))
  }
}

if (customElements.get('refresh-models-button') === undefined)
  customElements.define('refresh-models-button', RefreshModelsButton)

declare global {
  interface HTMLElementTagNameMap {
    'refresh-models-button': RefreshModelsButton
  }
}
