/** When the catalogue was last known to be right, when it was last tried, and when the next try comes: separate facts. */
import type { ReactNode } from 'react'
import type { ModelStats, Run, SyncStatus } from '../../client/contract.js'
import { capital, formatCount, formatDuration, formatPlural } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { attemptOf, endOf, triggerOf } from './run-words.js'

export function SyncFacts({ status, stats }: { status: SyncStatus; stats: ModelStats | undefined }) {
  const { lastSuccess, lastSync, nextSyncAt } = status
  return (
    <dl className="facts">
      <Fact name="Last success" detail={lastSuccess === null ? 'No sync has gone through yet' : detailOf(lastSuccess)}>
        {lastSuccess === null ? 'Never' : <Moment iso={endOf(lastSuccess)} />}
      </Fact>
      <Fact
        name="Last attempt"
        detail={lastSync === null ? 'Nothing has been tried yet' : capital(attemptOf(lastSync))}
      >
        {lastSync === null ? 'Never' : <Moment iso={endOf(lastSync)} />}
      </Fact>
      <Fact name="Next sync" detail={nextSyncAt === null ? 'LITELLM_AUTO_SYNC turns it on' : 'On schedule'}>
        {nextSyncAt === null ? 'Not scheduled' : <Moment iso={nextSyncAt} ahead />}
      </Fact>
      <Fact name="Catalogue" detail={stats === undefined ? '' : availabilityOf(stats)}>
        {stats === undefined ? '…' : formatPlural(stats.totalModels, 'model')}
      </Fact>
    </dl>
  )
}

function Fact({ name, detail, children }: { name: string; detail: string; children: ReactNode }) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>
        <span className="fact-value">{children}</span>
        <span className="fact-detail">{detail}</span>
      </dd>
    </div>
  )
}

function availabilityOf({ totalModels, availableModels, unavailableModels }: ModelStats): string {
  if (totalModels === 0) return 'Nothing in it yet'
  return unavailableModels === 0
    ? 'All available'
    : `${formatCount(availableModels)} available, ${formatCount(unavailableModels)} not`
}

function detailOf(run: Run): string {
  const trigger = triggerOf(run)
  return capital(run.durationMs === null ? trigger : `${trigger}, took ${formatDuration(run.durationMs)}`)
}
