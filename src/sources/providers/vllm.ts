/** vLLM: whatever one server has loaded, with its context length. */
import { servedContext } from '../kit/context-length.js'
import { openaiCompatible } from '../kit/openai-compatible.js'
import type { Source } from '../kit/source.js'

/**
 * `created` is the time of the request, and each answer invents the ids in `permission`. `root` may be a path on the server's disk.
 * @see https://docs.vllm.ai/en/stable/serving/openai_compatible_server.html
 */
export const vllm = openaiCompatible({
  slug: 'vllm',
  name: 'vLLM',
  description: 'The models that a vLLM server has loaded, adapters among them.',
  homepage: 'https://docs.vllm.ai',
  baseUrl: 'http://localhost:8000',
  chat: { path: '/v1/chat/completions' },
  key: { variables: ['VLLM_API_KEY'], required: false },
  volatile: ['created', 'permission'],
  members: {
    keep: 'id owned_by parent max_model_len meta{n_ctx n_ctx_train n_params size}',
    leave: `
      object created permission root aliases context_length max_context_length context_window
      meta{vocab_type n_vocab n_embd llamaswap{context_length context max_context max_context_length}}
    `,
  },
  fields: (entry) => ({ contextLength: servedContext(entry) }),
}) satisfies Source
