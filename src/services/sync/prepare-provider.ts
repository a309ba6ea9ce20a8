/** What a provider's listing comes to: fetched, collected, planned and guarded, with nothing written. */
import { withoutCredentials } from '../../core/input/address-text.js'
import type { Asked } from '../../core/plan/answer-standing.js'
import { cleanJsonText } from '../../core/model/clean-fields.js'
import { guardInSteps } from '../../core/plan/guards.js'
import { planInSteps } from '../../core/plan/make-plan.js'
import type { Plan } from '../../core/plan/plan.js'
import { CancelledError, failure } from '../../errors.js'
import { createEntryRedactor } from '../../upstream/redact-entries.js'
import { withPauses, pauses } from '../../pauses.js'
import { sentSecrets } from '../../upstream/sent-secrets.js'
import type { FetchOutcome } from '../../upstream/fetch-outcome.js'
import { fetchSource, type Validators } from '../../upstream/read-source.js'
import type { Database } from '../../store/database.js'
import { readListingHashes } from '../../store/providers/kept-answers.js'
import type { IndexedModel } from '../../store/models/read-current.js'
import { encodingOf } from '../../store/connection/text-encoding.js'
import type { ProviderRow } from '../../store/providers/provider-rows.js'
import { readsAlike, usableValidators } from './fingerprint.js'
import { ListingCollector } from './collect-listing.js'
import type { Collected } from './collected.js'
import { availableIn } from './apply-to-catalogue.js'
import { KeptValues } from './kept-values.js'
import type { Planned, ProviderSyncRequest } from './provider-sync-request.js'
import type { Cause } from '../../core/records/problem.js'
import { problemOf } from './provider-problem.js'
import { shortened } from './in-words.js'
import { rowsToRead } from './rows-to-read.js'
import type { Shelf } from './sync-target.js'
import type { SecondOpinion, SyncContext } from './sync-context.js'

/** What fetching came to: nothing to do, a problem, or a listing that can be planned. */
export type Prepared =
  | { kind: 'disabled'; keyIsGone: boolean }
  | { kind: 'problem'; status: 'failed' | 'incomplete'; problem: Cause }
  | { kind: 'not-modified'; fetched: FetchOutcome; row: ProviderRow }
  | PlannedAnswer

export interface PlannedAnswer {
  kind: 'planned'
  fetched: FetchOutcome
  row: ProviderRow | null
  planned: Planned
  guarded: Plan
}

/** Of a provider that has no row yet. */
const NEVER_ASKED: Asked = {
  stateVersion: 0,
  answeredAt: null,
  failedAt: null,
  failures: 0,
  began: '',
  tookMs: 0,
  atLeastMs: 0,
}

// Compressed, a listing that is as large as it may be takes a tenth; what does not shrink is no list of models, and fills the memory.
const PACKED_PART = 1 / 4

/** Each is some fifty objects. */
const MOST_PLAIN_ROWS = 50_000
/** At once: two hundred thousand would hold everybody up for a second. */
const ROWS_READ = 5_000

export class ProviderPreparation {
  /** The entries of the answer. */
  readonly collector: ListingCollector
  /** Of fetching. */
  readonly warnings: string[] = []
  /** By the listing's path, of a provider whose answers are kept. */
  readonly texts = new Map<string, string>()
  /** Entries of which the database cannot hold every character. */
  private unfit = 0
  /** ms; 0 before. */
  fetchMs = 0
  /** Of price books, which are opened beside the request. */
  private opinion: Promise<SecondOpinion | null> | null = null
  /** The state that the request started from, and its age. */
  asked: Asked = NEVER_ASKED

  constructor(
    private readonly context: SyncContext,
    private readonly request: ProviderSyncRequest,
    private readonly shelf: Shelf,
    /** ISO 8601. */
    private readonly at: string,
  ) {
    const { maxEntryBytes, maxListingBytes } = request.settings.guards
    this.collector = new ListingCollector(request.source, this.cleaner(), maxEntryBytes, maxListingBytes * PACKED_PART)
  }

  /** Of an entry's JSON text, before anything is read of it: so the plan compares what the database can hold. */
  private cleaner(): (json: string) => string {
    const redact = createEntryRedactor(sentSecrets({ ...this.request, settings: this.request.keySettings }))
    const encoding = encodingOf(this.context.database.pool)
    if (encoding === null) return redact
    return (json) => {
      const clean = cleanJsonText(redact(json))
      const fitted = encoding.fit(clean)
      if (fitted !== clean) this.unfit += 1
      return fitted
    }
  }

  /** @throws CancelledError; what the database throws */
  async prepare(): Promise<Prepared> {
    const { slug } = this.request.source
    const started = performance.now()
    const { row, now } = await this.shelf.readState(slug)
    if (row?.enabled === false) return { kind: 'disabled', keyIsGone: row.keyIsGone === true }
    if (row === null) this.asked = { ...NEVER_ASKED, began: now }
    else {
      const { stateVersion, answeredAt, failedAt, consecutiveFailures: failures } = row
      this.asked = { stateVersion, answeredAt, failedAt, failures, began: now, tookMs: 0, atLeastMs: 0 }
    }
    this.opinion = this.context.opinionOn?.(slug) ?? null
    const read = performance.now()
    const fetched = await this.fetch(row)
    this.asked.tookMs = performance.now() - started
    this.asked.atLeastMs = performance.now() - read
    if ('code' in fetched) return { kind: 'problem', status: 'failed', problem: fetched }
    const { cause } = fetched
    if (cause !== null)
      return { kind: 'problem', status: 'incomplete', problem: { code: 'incomplete-listing', facts: { cause } } }
    if (fetched.state === 'not-modified' && row !== null) return { kind: 'not-modified', fetched, row }
    return this.planFetched(fetched, row)
  }

  /**
   * Plans the same answer, from what the catalogue holds by now.
   * @param database which holds the provider's lock, where it is held
   * @throws as {@link prepare}
   */
  async planFetched(
    fetched: FetchOutcome,
    row: ProviderRow | null,
    database = this.shelf.database,
  ): Promise<Extract<Prepared, { kind: 'problem' }> | PlannedAnswer> {
    const planned = await this.plan(fetched, row, database)
    const { guards } = this.request.settings
    const { entries, rejected } = this.collector.worstListing(planned.collected)
    if (rejected.length * 100 > guards.maxRejectedPercent * entries) {
      const { maxRejectedPercent: maxPercent } = guards
      const first = shortened(rejected[0]?.reason ?? '')
      const facts = { rejected: rejected.length, entries, maxPercent, first }
      return { kind: 'problem', status: 'failed', problem: { code: 'malformed-entries', facts } }
    }
    const steps = guardInSteps(planned.plan, {
      ...guards,
      listed: planned.collected.desired.size + planned.collected.mentioned.size,
      available: availableIn(planned.index),
      sizes: row?.recentSizes ?? [],
      now: this.at,
    })
    const guarded = await withPauses(steps, pauses())
    return { kind: 'planned', fetched, row, planned, guarded }
  }

  /** The outcome, or why there is none. */
  private async fetch(row: ProviderRow | null): Promise<FetchOutcome | Cause> {
    const { context, request } = this
    const { guards, timeoutMs } = request.settings
    const { log } = context
    const { slug, listings } = request.source
    const started = performance.now()
    try {
      const previous = await this.previous(row)
      const asked = listings.filter(({ needsKey }) => needsKey !== true || request.apiKey !== null)
      const paths = asked.map(({ path }) => path.split('?')[0])
      log.debug(
        { provider: slug, address: withoutCredentials(request.address), paths, conditional: previous !== null },
        'Asking a provider',
      )
      const outcome = await fetchSource(request.source, {
        ...context.fetching,
        timeoutMs,
        limits: guards,
        address: request.address,
        apiKey: request.apiKey,
        settings: request.keySettings,
        gateway: request.gateway,
        previous,
        signal: request.signal,
        now: context.now,
        onPage: (listing, entries, heapBytes, textOf) => {
          request.onEntries(entries.length)
          return this.collector.add(listing, entries, heapBytes, textOf)
        },
        onText: request.keepsTexts === true ? (listing, text) => void this.texts.set(listing.path, text) : undefined,
      })
      if (this.unfit > 0) {
        const name = encodingOf(context.database.pool)?.encoding
        // Stored with the listing, as the others are, for the syncs that find it unchanged.
        outcome.warnings.push(
          `${this.unfit} entries have characters that a database in ${name} cannot hold; each is kept as its code (~6a21)`,
        )
      }
      this.warnings.push(...outcome.warnings)
      const { state, requests, bytes } = outcome
      log.debug({ provider: slug, state, requests, bytes }, 'A provider has answered')
      return outcome
    } catch (error) {
      if (error instanceof CancelledError) throw error
      const problem = problemOf(error as Error)
      if (problem.code === 'internal') log.error({ err: error, provider: slug }, 'A provider could not be read')
      return problem
    } finally {
      this.fetchMs = Math.round(performance.now() - started)
    }
  }

  /** What an unchanged answer is told by; `null` where the answer itself is wanted. */
  private async previous(row: ProviderRow | null): Promise<Validators | null> {
    const { request } = this
    if (row === null || request.forceUpdate) return null
    const validators = usableValidators(row.fingerprint, request, this.at, this.shelf.digests(request.source.slug))
    if (validators === null || request.keepsTexts !== true) return validators
    const hashes = await readListingHashes(this.shelf.database, row.id)
    const kept = Object.entries(validators).every(([path, { sha256 }]) => hashes.get(path) === sha256)
    return kept ? validators : null
  }

  private async plan({ seesPart }: FetchOutcome, row: ProviderRow | null, database: Database): Promise<Planned> {
    const { forceUpdate, markUnavailable, settings } = this.request
    const { version, models: index } =
      row === null
        ? { version: 0, models: new Map<string, IndexedModel>() }
        : await this.shelf.readIndex(row.id, database)
    const alike = !forceUpdate && readsAlike(row?.fingerprint ?? null, this.request)
    const collected = await this.collector.resolve(
      (id, digest) => alike && index.get(id)?.digest === digest,
      settings,
      this.at,
      seesPart,
      await this.opinion,
    )
    this.throwIfCancelled()
    const values = await this.readValues(index, collected, database)
    const steps = planInSteps({
      current: index,
      desired: collected.desired,
      mentioned: collected.mentioned,
      uncallable: collected.uncallable,
      excluded: settings.excludes,
      policy: settings.policy === 'sync' && !markUnavailable ? 'upsert-only' : settings.policy,
      missesBeforeUnavailable: settings.guards.missesBeforeUnavailable,
      today: this.at.slice(0, 10),
    })
    const plan = await withPauses(steps, pauses())
    return { plan, version, collected, index, values }
  }

  /** Of the rows whose fields the plan looks at: those with another entry than before, renamed ones, and what was local and is gone. */
  private async readValues(
    index: ReadonlyMap<string, IndexedModel>,
    { desired }: Collected,
    database: Database,
  ): Promise<KeptValues> {
    const { compared, gone } = await withPauses(rowsToRead(index, desired), pauses())
    const values = new KeptValues(this.collector.packed || compared.length > MOST_PLAIN_ROWS)
    for (const models of [compared, gone])
      for (let from = 0; from < models.length; from += ROWS_READ) {
        const some = models.slice(from, from + ROWS_READ)
        const ids = some.map(({ id }) => id)
        await values.add(ids, await this.shelf.readValues(ids, database))
        for (const model of some) model.values = values.place(model.id)
      }
    return values
  }

  /** @throws CancelledError */
  throwIfCancelled(): void {
    const { aborted, reason } = this.request.signal
    if (!aborted) return
    throw reason instanceof CancelledError
      ? reason
      : failure({ code: 'cancelled', facts: { by: 'person', before: 'provider' } })
  }
}
