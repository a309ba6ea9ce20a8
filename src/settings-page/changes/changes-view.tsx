/** The changelog as a timeline, by run. */
import { useMemo } from 'react'
import type { ChangesQuery } from '../../client/contract.js'
import { useChanges, useProviders } from '../api/queries.js'
import { Empty } from '../parts/empty.js'
import { PagedList } from '../parts/paged-list.js'
import { providerName } from '../parts/labels.js'
import { ViewTitle } from '../parts/view-title.js'
import { fieldTitle, FIELD_TITLES } from '../parts/value.js'
import { ModelDrawer } from '../models/model-drawer.js'
import { QueryChoice } from '../shell/query-choice.js'
import { changeQuery, usePlace } from '../shell/router.js'
import { groupByRun } from './by-run.js'
import { KIND_WORDS } from './change-line.js'
import { RunChanges } from './run-changes.js'
import '../styles/changes.css'

const SINCE: [value: string, title: string][] = [
  ['1', 'Last day'],
  ['7', 'Last 7 days'],
  ['30', 'Last 30 days'],
]
const DAY_MS = 86_400_000

export function ChangesView() {
  const { query: place } = usePlace()
  const value = (name: string) => place.get(name) ?? ''
  const kind = value('kind')
  const provider = value('provider')
  const field = value('field')
  const days = value('days')
  const query = useMemo((): ChangesQuery => {
    // To the day, so that the query stays the same while the view is open.
    const since = /^\d{1,4}$/.test(days) ? new Date(Date.now() - Number(days) * DAY_MS).toISOString().slice(0, 10) : ''
    return Object.fromEntries(Object.entries({ kind, provider, field, since }).filter(([, text]) => text !== ''))
  }, [kind, provider, field, days])
  const list = useChanges(query)
  const { data: providers = [] } = useProviders()
  const groups = useMemo(() => groupByRun(list.data?.pages.flatMap(({ changes }) => changes) ?? []), [list.data])
  const filtered = Object.keys(query).length > 0
  const model = place.get('model')

  return (
    <>
      <ViewTitle title="Changes">
        <p className="muted">What changed in the catalogue, newest first.</p>
      </ViewTitle>
      <search className="filter-row">
        <QueryChoice name="kind" label="Kind" any="All kinds" value={kind} options={Object.entries(KIND_WORDS)} />
        <QueryChoice
          name="provider"
          label="Provider"
          any="All providers"
          value={provider}
          options={providers.filter(({ id }) => id !== null).map(({ slug }) => [slug, providerName(slug)])}
        />
        <QueryChoice
          name="field"
          label="Field"
          any="All fields"
          value={field}
          options={Object.keys(FIELD_TITLES).map((name) => [name, fieldTitle(name)])}
        />
        <QueryChoice name="days" label="Since" any="Any time" value={days} options={SINCE} />
      </search>
      <PagedList what="changes" list={list} empty={groups.length > 0 ? null : <NoChanges filtered={filtered} />}>
        <ol className="timeline">
          {groups.map((group) => (
            <RunChanges key={group.key} group={group} />
          ))}
        </ol>
      </PagedList>
      {model !== null && <ModelDrawer key={model} id={model} />}
    </>
  )
}

function NoChanges({ filtered }: { filtered: boolean }) {
  if (!filtered)
    return (
      <Empty title="Nothing has changed yet">
        <p className="muted">Once a sync adds, changes or loses models, it is told here, run by run.</p>
      </Empty>
    )
  return (
    <Empty title="No change matches.">
      <button
        type="button"
        className="button"
        onClick={() => changeQuery({ kind: null, provider: null, field: null, days: null })}
      >
        Clear filters
      </button>
    </Empty>
  )
}
