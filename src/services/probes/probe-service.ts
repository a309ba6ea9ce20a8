/** ProbeService: asks a model for the smallest answer there is, within a budget, and remembers how it went. */
import type { ProbeRecord } from '../../core/records/probe-record.js'
import { checkMembers, type KnownMembers } from '../../core/input/known-members.js'
import { modelId } from '../../core/model/model.js'
import { CancelledError, ProbeBudgetError, ProbeError, ProbeOffError } from '../../errors.js'
import { probeChat } from '../../upstream/probe-chat.js'
import { addressVariable } from '../../sources/kit/source.js'
import type { Database } from '../../store/database.js'
import { listProbes, recordProbe, spendProbe, type ProbeRow } from '../../store/probes/probes.js'
import type { ModelRecord } from '../../core/model/model-record.js'
import type { Claim } from '../work/claim.js'
import type { Conclusion } from '../work/held-claims.js'
import type { WorkService } from '../work/work-service.js'
import type { Asked } from '../sync/fingerprint.js'
import type { SyncContext } from '../sync/sync-context.js'

export interface ProbeServiceOptions extends Pick<SyncContext, 'log' | 'now'> {
  database: Database
  /** Whether probes are allowed at all. */
  enabled: boolean
  /** A day (UTC), of all replicas together. */
  budget: number
  providers: readonly (Pick<Asked, 'source' | 'apiKey' | 'gateway'> & { address: string | null })[]
  fetching: Pick<SyncContext['fetching'], 'client' | 'userAgent'>
  /** @throws NotFoundError */
  findModel(id: string): Promise<Pick<ModelRecord, 'provider' | 'providerModelId' | 'mode'>>
}

export interface ProbeOptions {
  /** Who asked; `null`: nobody in particular. */
  userId?: string | null | undefined
  signal?: AbortSignal | undefined
}

// A model that has to be loaded first takes its time.
const TIMEOUT_MS = 30_000
const LISTED = 20
const KIND = 'probe'

export class ProbeService {
  private readonly closing = new AbortController()
  private readonly background = new Set<Promise<unknown>>()

  constructor(private readonly options: ProbeServiceOptions) {}

  /**
   * One probe of one model; that the model does not answer is in the record.
   * @throws TypeError for an option that there is none of; ProbeOffError; NotFoundError; ProbeError when this model cannot be probed; ProbeBudgetError; CancelledError
   */
  async probe(id: string, options: ProbeOptions = {}): Promise<ProbeRecord> {
    checkMembers('probe', options, { userId: true, signal: true } satisfies KnownMembers<ProbeOptions>)
    const { userId = null, signal } = options
    const ended = signal === undefined ? this.closing.signal : AbortSignal.any([this.closing.signal, signal])
    return this.ask(id, 'manual', userId, ended)
  }

  /** The last 20 of a model, the newest first. @throws NotFoundError */
  async list(id: string): Promise<ProbeRecord[]> {
    const { provider, providerModelId } = await this.options.findModel(id)
    const rows = await listProbes(this.options.database, { provider, providerModelId, limit: LISTED })
    return rows.map(recordOf)
  }

  /** From now on this replica probes models that a run has added. */
  register(work: Pick<WorkService, 'register'>): void {
    work.register(KIND, { most: 1, carryOut: (claim) => this.probeAdded(claim) })
  }

  /** Has these probed one after the other by any of the replicas, until the budget of the day is spent. Throws nothing. */
  async askFor(work: Pick<WorkService, 'ask'>, ids: readonly string[]): Promise<void> {
    const { budget, log } = this.options
    try {
      for (const id of ids.slice(0, budget)) await work.ask({ kind: KIND, key: id, lane: KIND, asked: null })
    } catch (error) {
      log.warn({ err: error }, 'New models are not probed')
    }
  }

  /** Ends what runs, and waits for it. */
  async close(): Promise<void> {
    this.closing.abort(new CancelledError('the server is closing'))
    await Promise.allSettled(this.background)
  }

  private async probeAdded({ row: { key: id } }: Claim): Promise<Conclusion> {
    const { log } = this.options
    const asking = this.ask(id, 'added', null, this.closing.signal)
    this.background.add(asking)
    try {
      const { ok, reason, latencyMs } = await asking
      log.info({ model: id, ok, reason, latencyMs }, 'A new model was probed')
    } catch (error) {
      log.info({ model: id, reason: (error as Error).message }, 'A new model was not probed')
    } finally {
      this.background.delete(asking)
    }
    return {}
  }

  private async ask(
    id: string,
    cause: ProbeRecord['cause'],
    actor: string | null,
    signal: AbortSignal,
  ): Promise<ProbeRecord> {
    const { enabled, findModel, fetching, now } = this.options
    if (!enabled)
      throw new ProbeOffError('probing is off, since it costs tokens; MODEL_SYNC_PROBE=true (probe) allows it')
    const model = await findModel(id)
    const { source, address, apiKey, gateway } = this.way(id, model)
    await this.spend()
    if (signal.aborted) throw new CancelledError('the probe was cancelled')
    const outcome = await probeChat(source, model.providerModelId, {
      ...fetching,
      address,
      apiKey,
      gateway,
      timeoutMs: TIMEOUT_MS,
      signal,
    })
    const { provider, providerModelId } = model
    const row = { provider, providerModelId, cause, actor, ...outcome, at: new Date(now()).toISOString() }
    await recordProbe(this.options.database, row)
    return recordOf(row)
  }

  /** How the model is reached. @throws ProbeError */
  private way(id: string, { provider, mode }: Pick<ModelRecord, 'provider' | 'mode'>) {
    if (mode !== null && mode !== 'chat')
      throw new ProbeError(`${id} is of mode ${mode}; only chat models, and those of unknown mode, can be probed`)
    const setup = this.options.providers.find(({ source }) => source.slug === provider)
    if (setup === undefined) throw new ProbeError(`${id} has a provider without a source; nothing says where to ask`)
    const { source, address, apiKey, gateway } = setup
    if (source.chat === undefined)
      throw new ProbeError(
        `${source.name} has no OpenAI-compatible chat API that is known; probe its models through LiteLLM`,
      )
    if (address === null) throw new ProbeError(`${source.name} has no address: set ${addressVariable(source)}`)
    if (apiKey === null && source.key.required)
      throw new ProbeError(`${source.name} has no API key: set ${source.key.variables.join(' or ')}`)
    return { source: { ...source, chat: source.chat }, address, apiKey, gateway }
  }

  private async spend(): Promise<void> {
    const { budget, now } = this.options
    const day = new Date(now()).toISOString().slice(0, 10)
    if (await spendProbe(this.options.database, { day, budget })) return
    throw new ProbeBudgetError(
      `the ${budget} probes of ${day} (UTC) are spent; wait for the next day, or raise MODEL_SYNC_PROBE_BUDGET (probeBudget)`,
    )
  }
}

function recordOf({ provider, providerModelId, ...row }: ProbeRow): ProbeRecord {
  return { model: modelId(provider, providerModelId), ...row }
}
