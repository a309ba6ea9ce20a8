/** Every client whose own shape the catalogue can be had in. */
import type { Client } from './client.js'
import { codex } from './codex.js'
import { continueDev } from './continue.js'
import { librechat } from './librechat.js'
import { litellm } from './litellm.js'
import { litellmPriceMap } from './litellm-price-map.js'
import { llm } from './llm.js'
import { modelsDev } from './models-dev.js'
import { opencode } from './opencode.js'

export const CLIENTS = {
  litellm,
  'litellm-price-map': litellmPriceMap,
  opencode,
  'models.dev': modelsDev,
  librechat,
  continue: continueDev,
  codex,
  llm,
} satisfies Record<string, Client>
export type ClientName = keyof typeof CLIENTS

export const CLIENT_NAMES = Object.keys(CLIENTS) as ClientName[]
