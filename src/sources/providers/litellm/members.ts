/** What may be kept of a row of LiteLLM's /model/info. */
import type { MemberList } from '../../kit/members.js'

/** `chat`, `top_p`, `/v1/chat/completions`: no key has its shape. */
const WORD = /^(?=.{1,64}$)\/?(?:v\d\/)?[a-z]{1,24}(?:[_/][a-z\d]{1,24})*$/
/** Of a provider: few of them have digits. */
const PROVIDER = /^(?!sk-)(?=\D*(?:\d\D*){0,2}$)[a-z\d][a-z\d_.-]{0,39}$/
const HOURS = /^\d\d:\d\d-\d\d:\d\d$/
const LABEL = /^(?!.*:\/\/).{1,256}$/

const CONDITION =
  '(?:_above_\\d+(?:k_tokens|hr|s_interval|s)|_(?:batches|priority|flex|ultrafast|balanced|decisions|cache_hit))'
const PAID =
  '(?:input|output|ocr|annotation|citation|code_interpreter|computer_use_(?:in|out)put|file_search|vector_store|' +
  'google_maps_grounding|guardrail|(?:in|out)put_dbu|search_context|search_queries)_'
const UNIT =
  '(?:(?:(?:audio|image|video|reasoning|text)_(?:per_)?)?(?:token|second|character|image|pixel|page|query|request|' +
  'session|credit|message|unit)|hour|day|1k_calls|1k_tokens|gb_per_day|ptu_per_hour)'
/** LiteLLM's names of prices. Another one is a new price, or an old one under a new name, which has no meaning here. */
const KNOWN = new RegExp(
  `^(?:supports_.*|search_context_size_.*|regional_.*_multiplier.*|(?:explicit_)?cache_(?:read|creation)_input_(?:(?:audio|image|video)_)?token_cost${CONDITION}*|` +
    `(?:${PAID})?cost_per_${UNIT}${CONDITION}*(?:_\\d[\\d.]*[kKp]?(?:_\\d+)?)?${CONDITION}*)$`,
)

/**
 * Members of LiteLLM's own with values of their own kind, and nothing else: an operator's config keys end up in both `litellm_params` and
 * `model_info`, secrets and internal hosts among them, and may bear the names of LiteLLM's labels.
 */
export const rowMembers: MemberList = {
  keep: `
    model_name litellm_params{model custom_llm_provider}
    model_info{
      id mode litellm_provider description deprecation_date db_model max_tokens max_input_tokens max_output_tokens tpm rpm
      output_vector_size prompt_cache_min_tokens web_search_billing_unit supports_* uses_embed_content
      supported_openai_params supported_endpoints supported_modalities supported_output_modalities
      *cost_per_* *cache_*_input_*token_cost* regional_*_multiplier* pricing_overrides
      tiered_pricing{range *cost_per_* *cache_*_input_*token_cost*}
      search_context_cost_per_query{search_context_size_*}
      off_peak_pricing{hours_utc weekday_timezone windows{hours_utc weekdays} *cost_per_* *cache_*_input_*token_cost*}
    }
  `,
  leave: `
    litellm_params
    litellm_params{api_base model_info rpm tpm off_peak_pricing *cost_per_* *cache_*_input_*token_cost*}
    model_info{
      key blocked team_id team_public_model_name access_groups direct_access access_via_team_ids base_model successor_model metadata provider_specific_entry
      created_at created_by updated_at updated_by tier discoverable access_windows member_auto_router pricing_provider
      ptu_count ptu_effective_from ptu_effective_to ptu_shares allow_fail_open enable_tag_filtering
      enforce_supported_endpoints use_openai_responses_path fedramp_uplift_multiplier search_free_requests
    }
  `,
  known: KNOWN,
  texts: {
    // A team's own row: the name that clients know stands in team_public_model_name.
    model_name: /^(?!model_name_)/,
    'litellm_params.model': LABEL,
    'litellm_params.custom_llm_provider': PROVIDER,
    'model_info.id': /^[\da-f-]{32,64}$/,
    'model_info.mode': WORD,
    'model_info.litellm_provider': PROVIDER,
    'model_info.deprecation_date': /^\d{4}-\d\d-\d\d/,
    'model_info.web_search_billing_unit': WORD,
    'model_info.supported_openai_params': WORD,
    'model_info.supported_endpoints': WORD,
    'model_info.supported_modalities': WORD,
    'model_info.supported_output_modalities': WORD,
    'model_info.pricing_overrides': WORD,
    'model_info.off_peak_pricing.hours_utc': HOURS,
    'model_info.off_peak_pricing.weekday_timezone': /^[A-Za-z]+(?:\/[A-Za-z_]+)*$/,
    'model_info.off_peak_pricing.windows.hours_utc': HOURS,
    'model_info.off_peak_pricing.windows.weekdays': /^[A-Za-z]{3,9}$/,
  },
}
