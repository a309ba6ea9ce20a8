/** Models to resolve to, for tests. */
import { modelId } from '../../../src/core/model/model.js'
import type { ResolvableModel } from '../../../src/core/names/resolvable-model.js'
import type { DefaultModels } from '../../../src/core/names/model-resolver.js'

/** `litellm/<id>`, a chat model that is called as its id is, unless said otherwise. */
export function resolvable(providerModelId: string, more: Partial<ResolvableModel> = {}): ResolvableModel {
  const provider = more.provider ?? 'litellm'
  return {
    id: modelId(provider, providerModelId),
    provider,
    providerModelId,
    name: providerModelId,
    mode: 'chat',
    aliases: [],
    createdAt: null,
    deprecationDate: null,
    replacedBy: null,
    privateTo: null,
    ...more,
  }
}

export const DEFAULTS: DefaultModels = {
  chat: 'mistral-31-24b',
  embedding: 'text-embedding-bge-m3',
  speech: 'tts-kokoro',
  transcription: 'whisper-1',
}
