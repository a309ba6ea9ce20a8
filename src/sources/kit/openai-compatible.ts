/** The factory for everything that lists its models as OpenAI's `GET /v1/models` does, or much like it: one list of entries behind a bearer key. */
import { classifyMode } from '../../core/model/guess-mode.js'
import { describeAddressProblem } from '../../core/input/http-address.js'
import type { Mode } from '../../core/model/model.js'
import type { DesiredFields } from '../../core/model/model-fields.js'
import { OptionsError } from '../../errors.js'
import type { MemberList } from './members.js'
import { servedContext } from './context-length.js'
import { identifyBy, isRecord, textOf, timeOf, type Members } from './entry.js'
import { entriesIn } from './listing.js'
import { bearer, type Listing, type Source } from './source.js'

/** What one provider adds to the shape. */
export interface OpenAICompatible
  extends
    Pick<Source, 'slug' | 'name' | 'description' | 'homepage' | 'baseUrl'>,
    Partial<Pick<Source, 'version' | 'addressVariable' | 'clientPaths' | 'modes' | 'chat'>>,
    Partial<Pick<Listing, 'entries' | 'headers' | 'next' | 'missing' | 'members' | 'volatile' | 'without'>> {
  key: { variables: readonly string[]; required: boolean }
  /** Default `/v1/models`. */
  path?: string
  /** The member that holds the id, or several of which the first that does; default `id`. */
  id?: string | readonly string[]
  /** The mode where the entry's `fields` do not state one. Default: by name, else unknown. */
  mode?(id: string, entry: Members): Mode | null
  /** What the entry says beyond `id`, `owned_by` and `created`; wins over these. A field that is `undefined` is left out. */
  fields?(entry: Members, id: string): DesiredFields | { fields: DesiredFields; warnings: string[] }
  /** Why an entry is no model of ours; `null`: it is one. */
  filter?(entry: Members, id: string): string | null
  /** Why upstream lists an entry that it does not serve; `null`: it serves it. */
  withdrawn?(entry: Members, id: string): string | null
}

const BARE: MemberList = { keep: 'id created owned_by', leave: 'object permission root parent' }

/**
 * A source for `{object: "list", data: [{id, object, created, owned_by, …}]}`; where the list or the id stand elsewhere, `entries` and `id` say so.
 * Beyond the id each member is optional. The name is left to the id, since the shape has none. `created` is not read where it is declared volatile.
 * @see https://platform.openai.com/docs/api-reference/models/list
 */
export function openaiCompatible(provider: OpenAICompatible): Source {
  const { slug, name, description, homepage, baseUrl, key, version = 1, path = '/v1/models' } = provider
  const {
    addressVariable,
    clientPaths,
    modes,
    chat,
    headers,
    next,
    missing,
    without,
    entries = entriesIn('data'),
    volatile = [],
    members = BARE,
  } = provider
  const idMembers = [provider.id ?? 'id'].flat()
  const identify = identifyBy(...idMembers)
  const statesCreation = !volatile.includes('created')

  const parse: Listing['parse'] = (entry) => {
    const id = identify(entry)
    if (id === null || !isRecord(entry))
      return { kind: 'rejected', reason: `the entry has no ${idMembers.join(' or ')}` }
    const reason = provider.filter?.(entry, id) ?? null
    if (reason !== null) return { kind: 'filtered', reason }
    const base: DesiredFields = { ownedBy: textOf(entry['owned_by']) }
    if (statesCreation) base.createdAt = timeOf(entry['created'])
    const withdrawn = provider.withdrawn?.(entry, id) ?? null
    if (withdrawn !== null) return { kind: 'filtered', reason: withdrawn, withdrawn: true }
    const own = provider.fields?.(entry, id) ?? {}
    const { fields, warnings } = 'fields' in own ? own : { fields: own, warnings: [] }
    const mode = fields.mode === undefined ? (provider.mode ?? classifyMode)(id, entry) : fields.mode
    return { kind: 'model', fields: { ...base, ...fields, mode }, ...(warnings.length === 0 ? {} : { warnings }) }
  }

  const listing: Listing = {
    path,
    entries,
    identify,
    parse,
    // Read here, whether or not the provider's own list names them.
    members: { ...members, leave: `${members.leave ?? ''} owned_by created` },
    ...(volatile.length === 0 ? {} : { volatile }),
    headers,
    next,
    missing,
    without,
  }
  return {
    slug,
    name,
    description,
    homepage,
    version,
    baseUrl,
    addressVariable,
    clientPaths,
    modes,
    chat,
    key: { ...key, headers: bearer },
    listings: [listing],
  }
}

/** What a host says of an endpoint of its own. */
export interface OpenAICompatibleEndpoint {
  /** Part of each public model id. */
  slug: string
  /** With or without the `/v1` that OpenAI's clients want: `http://box:8000`, `https://box/api/v1`. */
  address: string
  /** The environment variable that holds its key; `null`: it wants none. */
  keyVariable: string | null
}

/** What engines and gateways state of a model, and not how it is run: paths, command lines, prompts, who may use it. */
const ENDPOINT_MEMBERS: MemberList = {
  keep: `
    id name description owned_by type aliases tags quantization max_model_len context_length max_context_length context_window
    max_input_tokens max_output_tokens max_completion_tokens input_modalities output_modalities supported_parameters supported_features
    architecture{modality input_modalities output_modalities tokenizer} capabilities capabilities{function_calling vision reasoning tools}
    pricing{prompt completion input output input_cache_read}
    meta{n_ctx n_ctx_train n_vocab vocab_type n_embd n_params size llamaswap{type context_length context max_context max_context_length}}
  `,
  leave: 'object created permission root parent path status info',
}

/**
 * A source by configuration alone (`MODEL_SYNC_OPENAI_COMPATIBLE`). What engines agree on is read (the context length); prices are not, because
 * nothing says their unit. `created` and `permission` differ in each answer of vLLM and SGLang, so they are never compared.
 * @throws OptionsError when the address is no http or https URL
 */
export function openaiCompatibleEndpoint({ slug, address, keyVariable }: OpenAICompatibleEndpoint): Source {
  const problem = describeAddressProblem(address)
  if (problem !== null) throw new OptionsError(`the address of the OpenAI-compatible endpoint "${slug}" is ${problem}`)
  const { host, pathname } = new URL(address)
  return openaiCompatible({
    slug,
    name: slug,
    description: `An OpenAI-compatible endpoint at ${host}, added by configuration.`,
    homepage: 'https://platform.openai.com/docs/api-reference/models/list',
    baseUrl: address,
    addressVariable: 'MODEL_SYNC_OPENAI_COMPATIBLE',
    path: pathname === '/' ? '/v1/models' : '/models',
    chat: { path: pathname === '/' ? '/v1/chat/completions' : '/chat/completions' },
    key: { variables: keyVariable === null ? [] : [keyVariable], required: keyVariable !== null },
    volatile: ['created', 'permission'],
    members: ENDPOINT_MEMBERS,
    fields: (entry) => ({
      contextLength: servedContext(entry),
    }),
  })
}
