/** The catalogue: searched, filtered, sorted; the whole view is in the address. */
import { useMemo } from 'react'
import { useModels, useStats } from '../api/queries.js'
import { FirstSteps } from '../overview/first-steps.js'
import { formatCount, formatPlural } from '../parts/format.js'
import { Empty } from '../parts/empty.js'
import { useMedia } from '../parts/use-media.js'
import { ReadProblem } from '../parts/read-problem.js'
import { ViewTitle } from '../parts/view-title.js'
import { changeQuery, usePlace } from '../shell/router.js'
import { ColumnChooser } from './column-chooser.js'
import { CARDS, USUAL_COLUMNS } from './columns.js'
import { ExportMenu } from './export-menu.js'
import { LoadedModels } from './loaded-models.js'
import { ModelDrawer } from './model-drawer.js'
import { ModelFilters } from './model-filters.js'
import { apiQueryOf, FILTERS, isFiltered } from './model-query.js'
import { ModelTable } from './model-table.js'
import { SortChoice } from './sort-choice.js'
import '../styles/models.css'

export function ModelsView() {
  const { query: place } = usePlace()
  const query = useMemo(() => apiQueryOf(place), [place])
  const queryKey = JSON.stringify(query)
  const { data: stats } = useStats()
  const { list, readOn } = useModels(query)
  const { data, error, isPlaceholderData, hasNextPage, isFetching, refetch } = list
  const models = useMemo(() => new LoadedModels(data?.pages ?? []), [data])
  const total = data?.pages[0]?.total ?? 0
  const filtered = isFiltered(place)
  const chosen = place.get('columns')
  // A card shows what it has room for, whatever the columns.
  const cards = useMedia(CARDS)
  const shown = useMemo(
    () => (chosen === null || cards ? USUAL_COLUMNS : ['name', ...chosen.split(',')]),
    [chosen, cards],
  )
  const model = place.get('model')

  return (
    <>
      <ViewTitle title="Models">
        <p className="muted number" role="status">
          {data === undefined
            ? ''
            : filtered
              ? `${formatCount(total)} of ${formatPlural(stats?.totalModels ?? total, 'model')}`
              : formatPlural(total, 'model')}
        </p>
        <div className="view-actions">
          {cards ? <SortChoice sort={place.get('sort')} /> : <ColumnChooser shown={shown} />}
          <ExportMenu query={query} total={total} />
        </div>
      </ViewTitle>
      <div className="card models">
        <ModelFilters place={place} stats={stats} />
        {error !== null && data === undefined && (
          <ReadProblem error={error} what="The models" onRetry={() => void refetch()} />
        )}
        {data === undefined && error === null && <p className="loading">Loading models…</p>}
        {data !== undefined && total === 0 && (filtered ? <NoMatch /> : <FirstSteps />)}
        {total > 0 && (
          <ModelTable
            key={queryKey}
            models={models}
            total={total}
            shown={shown}
            sort={place.get('sort')}
            onSort={sortBy}
            waiting={isPlaceholderData}
            canLoad={hasNextPage && !isFetching && !isPlaceholderData}
            onLoad={readOn}
          />
        )}
      </div>
      {model !== null && <ModelDrawer key={model} id={model} />}
    </>
  )
}

function sortBy(sort: string | null): void {
  changeQuery({ sort })
}

function NoMatch() {
  return (
    <Empty title="No model matches.">
      <button
        type="button"
        className="button"
        onClick={() => changeQuery(Object.fromEntries(FILTERS.map((name) => [name, null])))}
      >
        Clear search and filters
      </button>
    </Empty>
  )
}
