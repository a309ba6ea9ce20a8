/** ModelsJsonService: keeps a host's models.json in step with what was synced last, and tells the log about it. */
import { withoutCredentials } from '../../core/input/address-text.js'
import { SimpleIntervalJob, Task, type ToadScheduler } from 'toad-scheduler'
import type { Database } from '../../store/database.js'
import { readListingTexts } from '../../store/providers/kept-answers.js'
import { readLastAsked } from '../../store/providers/run-results.js'
import { SingleFlight } from '../single-flight.js'
import { MODELS_JSON_PROVIDER, readFeed } from './upstream-list.js'
import { describeUpdate } from './log-summary.js'
import { updateModelsJson } from './update.js'
import type { Asked } from '../sync/fingerprint.js'
import type { SyncLog } from '../log.js'
import type { ProviderResult } from '../../core/records/sync-result.js'

export interface ModelsJsonServiceOptions {
  database: Database
  /** Path of the file. */
  file: string
  /** The provider whose list it is. */
  setup: Pick<Asked, 'source' | 'settings'> & { address: string | null }
  log: SyncLog
  /** Wall clock, ms since 1970. */
  now(): number
  scheduler: Pick<ToadScheduler, 'addSimpleIntervalJob' | 'removeById'>
}

const JOB_ID = 'fastify-model-sync models.json'
// Six statements a minute, since nobody waits for the file.
const LOOK_MS = 10_000

export class ModelsJsonService {
  /** What the provider's row said as the file was brought up to date; unset: not looked yet. */
  private seen: string | null | undefined
  private readonly looking = new SingleFlight(() => this.lookOnce())
  private following = false

  constructor(private readonly options: ModelsJsonServiceOptions) {}

  /** From now on the file follows what other replicas sync, too. */
  follow(): void {
    this.following = true
    const task = new Task(JOB_ID, () => void this.heard())
    this.options.scheduler.addSimpleIntervalJob(
      new SimpleIntervalJob({ milliseconds: LOOK_MS, runImmediately: true }, task, { id: JOB_ID, unref: true }),
    )
  }

  /** Brings the file up to date if another replica has asked the provider since. Throws nothing; what is wrong with the file is in the log. */
  async heard(): Promise<void> {
    // What is under way may have looked before.
    await this.looking.running
    await this.looking.run()
  }

  async close(): Promise<void> {
    if (this.following) this.options.scheduler.removeById(JOB_ID)
    this.following = false
    await this.looking.running
  }

  /** Before a sync of these providers fetches. */
  starting(slugs: readonly string[]): void {
    const { log, setup } = this.options
    if (!slugs.includes(MODELS_JSON_PROVIDER)) return
    log.info('Starting model synchronization...')
    log.info(`Fetching active models from ${withoutCredentials(setup.address ?? '')}`)
  }

  /**
   * After a sync, from the answer that was applied last, so that a file that is missing or was changed is mended after a failed and an unchanged
   * sync too. Throws nothing: the catalogue is in order, whatever becomes of the file.
   * @returns warnings for the result
   */
  async update(providers: readonly Pick<ProviderResult, 'provider' | 'status'>[]): Promise<string[]> {
    const { file, setup, log, now } = this.options
    const status = providers.find(({ provider }) => provider === MODELS_JSON_PROVIDER)?.status
    if (status === 'disabled') return []
    try {
      this.seen = await readLastAsked(this.options.database, MODELS_JSON_PROVIDER)
      const texts = await readListingTexts(this.options.database, MODELS_JSON_PROVIDER)
      // Never synced yet: an empty list would be a guess.
      if (texts.size === 0) return []
      const upstream = await readFeed(texts, setup.source, setup.settings)
      if (status === 'ok' || status === 'not-modified' || status === 'held')
        log.info(`Successfully fetched ${upstream.length} active models`)
      const update = await updateModelsJson({ file, upstream, now })
      for (const { facts, line } of describeUpdate(update, file)) log.info(facts, line)
      for (const warning of update.warnings) log.error({ file }, warning)
      return update.warnings.map((warning) => `models.json: ${warning}`)
    } catch (error) {
      log.error({ err: error, file }, 'models.json could not be brought up to date')
      return [`models.json: it was not brought up to date: ${(error as Error).message}`]
    }
  }

  private async lookOnce(): Promise<void> {
    try {
      const mark = await readLastAsked(this.options.database, MODELS_JSON_PROVIDER)
      const isFirst = this.seen === undefined
      if (mark === this.seen) return
      if (isFirst) this.seen = mark
      else await this.update([])
    } catch (error) {
      this.options.log.debug({ err: error }, 'Whether models.json is up to date is not known; looking again')
    }
  }
}
