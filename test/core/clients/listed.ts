/** Models of every kind as a read gives them, and the file that a client gets of them. */
import { CLIENTS, type ClientName } from '../../../src/core/clients/all-clients.js'
import type { Client } from '../../../src/core/clients/client.js'
import { listText } from '../../../src/core/model/list-format.js'
import { CAPABILITIES } from '../../../src/core/model/model.js'
import type { ModelRecord } from '../../../src/core/model/model-record.js'

export const GATEWAY = { url: 'https://llm.example.com/v1', name: 'llm.example.com' }

/** Nothing is known of it but its name. */
export function unknownModel(id: string, known: Partial<ModelRecord> = {}): ModelRecord {
  return {
    id: `litellm/${id}`,
    provider: 'litellm',
    providerModelId: id,
    canonicalName: null,
    name: id,
    description: null,
    ownedBy: null,
    mode: null,
    contextLength: null,
    maxOutputTokens: null,
    inputModalities: [],
    outputModalities: [],
    inputCostPerToken: null,
    outputCostPerToken: null,
    cacheReadCostPerToken: null,
    cacheWriteCostPerToken: null,
    otherPrices: [],
    priceWindows: [],
    deployments: 1,
    rpm: null,
    tpm: null,
    restricted: null,
    teams: [],
    accessGroups: [],
    aliases: [],
    createdAt: null,
    deprecationDate: null,
    replacedBy: null,
    origin: 'synced',
    availability: 'available',
    unavailableReason: null,
    unavailableSince: null,
    stale: false,
    hidden: false,
    pins: {},
    conflicts: [],
    provenance: {},
    estimated: [],
    doubts: [],
    firstSeenAt: '2026-11-01T00:00:00.000Z',
    lastSeenAt: '2026-11-01T00:00:00.000Z',
    updatedAt: '2026-11-01T00:00:00.000Z',
    ...known,
    capabilities: {
      ...Object.fromEntries(CAPABILITIES.map((capability) => [capability, null])),
      ...known.capabilities,
    } as ModelRecord['capabilities'],
  }
}

export const MODELS: readonly ModelRecord[] = [
  unknownModel('everything', {
    name: 'Everything: "yes", # no',
    description: 'A model that says all there is to say.',
    ownedBy: 'openai',
    mode: 'chat',
    contextLength: 128_000,
    maxOutputTokens: 16_384,
    inputModalities: ['file', 'image', 'text'],
    outputModalities: ['text'],
    capabilities: {
      functionCalling: true,
      vision: true,
      reasoning: true,
      structuredOutput: true,
      pdfInput: true,
      streaming: false,
    },
    inputCostPerToken: '0.0000001',
    outputCostPerToken: '0.00000125',
    cacheReadCostPerToken: '0.000000025',
    createdAt: '2026-05-13T00:00:00.000Z',
  } as Partial<ModelRecord>),
  unknownModel('nothing'),
  unknownModel('team x/модель 模型:free', { mode: 'chat', inputCostPerToken: '0', outputCostPerToken: '0' }),
  unknownModel('no', { mode: 'completion', contextLength: 4_096 }),
  unknownModel('codex', { mode: 'responses', capabilities: { vision: false } as ModelRecord['capabilities'] }),
  unknownModel('embeds', { mode: 'embedding', contextLength: 8_192, inputCostPerToken: '0.00000002' }),
  unknownModel('ranks', { mode: 'rerank' }),
  unknownModel('speaks', { mode: 'audio_speech' }),
]

/** As it is served, by the ids that the provider knows. */
export function fileOf(client: ClientName, models: readonly ModelRecord[] = MODELS): string {
  const format = (CLIENTS[client] as Client).format(GATEWAY)
  const pieces = models.map((model) => format.pieces(model, model.providerModelId)).filter((one) => one !== null)
  return [...listText(format, pieces)].join('')
}
