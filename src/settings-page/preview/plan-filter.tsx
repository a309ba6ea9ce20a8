/** Which kinds of changes to show, and a search among them. */
import { formatCount } from '../parts/format.js'
import { SearchIcon } from '../parts/icons.js'
import { ROW_KINDS, type RowKind } from './plan-rows.js'

interface Props {
  counts: Record<RowKind, number>
  /** `null`: all. */
  kind: RowKind | null
  onKind(kind: RowKind | null): void
  search: string
  onSearch(search: string): void
}

export function PlanFilter({ counts, kind, onKind, search, onSearch }: Props) {
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return (
    <search className="plan-filter">
      <div className="kinds" role="group" aria-label="Kinds of changes">
        <button type="button" className="kind-choice" aria-pressed={kind === null} onClick={() => onKind(null)}>
          All <span className="number">{formatCount(all)}</span>
        </button>
        {ROW_KINDS.filter((one) => counts[one] > 0).map((one) => (
          <button
            key={one}
            type="button"
            className={`kind-choice ${one}`}
            aria-pressed={kind === one}
            onClick={() => onKind(one)}
          >
            {one} <span className="number">{formatCount(counts[one])}</span>
          </button>
        ))}
      </div>
      <div className="search">
        <SearchIcon />
        <input
          className="field"
          type="search"
          aria-label="Search the plan"
          placeholder="Search the plan"
          autoComplete="off"
          spellCheck={false}
          value={search}
          onChange={(event) => onSearch(event.target.value)}
        />
      </div>
    </search>
  )
}
