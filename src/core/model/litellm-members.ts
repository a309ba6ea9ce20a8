/** LiteLLM's members for what a model can do and what its tokens cost, for those who read them and those who write them. */
import type { Capability } from './model.js'

/** Each `true`, `false` or `null` (unknown). `structuredOutput` has two, and either will do; clients ask for the second. */
export const LITELLM_FLAGS: readonly (readonly [string, Capability])[] = [
  ['supports_native_streaming', 'streaming'],
  ['supports_function_calling', 'functionCalling'],
  ['supports_parallel_function_calling', 'parallelFunctionCalling'],
  ['supports_tool_choice', 'toolChoice'],
  ['supports_vision', 'vision'],
  ['supports_reasoning', 'reasoning'],
  ['supports_native_structured_output', 'structuredOutput'],
  ['supports_response_schema', 'structuredOutput'],
  ['supports_prompt_caching', 'promptCaching'],
  ['supports_web_search', 'webSearch'],
  ['supports_url_context', 'urlContext'],
  ['supports_pdf_input', 'pdfInput'],
  ['supports_audio_input', 'audioInput'],
  ['supports_audio_output', 'audioOutput'],
  ['supports_computer_use', 'computerUse'],
  ['supports_system_messages', 'systemMessages'],
  ['supports_assistant_prefill', 'assistantPrefill'],
]

/** USD per token. */
export const LITELLM_TOKEN_PRICES = {
  inputCostPerToken: 'input_cost_per_token',
  outputCostPerToken: 'output_cost_per_token',
  cacheReadCostPerToken: 'cache_read_input_token_cost',
  cacheWriteCostPerToken: 'cache_creation_input_token_cost',
} as const
