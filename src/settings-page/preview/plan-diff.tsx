/** The plan as a diff: filtered, chosen, applied. */
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import type { Plan } from '../../client/contract.js'
import { formatCount, formatPlural } from '../parts/format.js'
import { Empty } from '../parts/empty.js'
import { Link } from '../shell/link.js'
import { LeftOut } from './left-out.js'
import { MovedNotice } from './moved-notice.js'
import { PlanFilter } from './plan-filter.js'
import { PlanRowLine } from './plan-row-line.js'
import {
  choosable,
  countKinds,
  isCut,
  movedRows,
  rowsOf,
  usualChoice,
  type PlanRow,
  type RowKind,
} from './plan-rows.js'

/** Rows drawn at once, and how many more each time. */
const SHOWN = 150
/** Of a search; as many as the server takes. */
const MOST_WORDS = 10

interface Props {
  plan: Plan
  /** The plan that was approved and found stale; `null`: none was. */
  before: Plan | null
  /** It can only be carried out as a whole. */
  whole: boolean
  /** Of how many providers there is no plan because they could not be read. */
  failed: number
  applying: boolean
  onApply(only?: string[]): void
}

export function PlanDiff({ plan, before, whole, failed, applying, onApply }: Props) {
  const rows = useMemo(() => rowsOf(plan), [plan])
  const moved = useMemo(() => (before === null ? null : movedRows(before, plan)), [before, plan])
  const [kind, setKind] = useState<RowKind | null>(null)
  const [search, setSearch] = useState('')
  const words = useDeferredValue(search)
  const filtered = useMemo(() => filterRows(rows, kind, words), [rows, kind, words])
  const unchanged = plan.providers.reduce((sum, provider) => sum + provider.unchanged, 0)
  const leftOut = plan.leftOut ?? 0
  const { chosen, choose, all, withRest, setWithRest, fixed, everything } = useChoice(rows, whole, leftOut)

  const notice = before !== null && moved !== null && (
    <MovedNotice
      gone={moved.gone}
      fresh={moved.fresh.size}
      partial={isCut(before) || isCut(plan)}
      empty={rows.length === 0}
    />
  )
  if (rows.length === 0)
    return (
      <>
        {notice}
        <EmptyPlan words={emptyWords(whole, plan.providers.length, failed, unchanged)} />
      </>
    )
  return (
    <>
      {notice}
      <div className="card plan">
        <PlanFilter counts={countKinds(rows)} kind={kind} onKind={setKind} search={search} onSearch={setSearch} />
        {leftOut > 0 && <LeftOut count={leftOut} chosen={withRest} onChoose={whole ? null : setWithRest} />}
        {!fixed && (
          <ChooseAll ids={choosable(filtered)} chosen={chosen} all={all} onChoose={choose}>
            {filtered.length < rows.length && ' of these'}
          </ChooseAll>
        )}
        <PlanRows
          // What is searched for begins at its first row.
          key={kind}
          rows={filtered}
          fresh={moved?.fresh ?? null}
          chosen={chosen}
          onChoose={fixed ? null : choose}
        />
      </div>
      <div className="apply">
        <ApplyButton
          applying={applying}
          words={applyWords(chosen.size, everything, { whole, withRest })}
          empty={chosen.size === 0 && !withRest}
          onApply={() => onApply(everything ? undefined : [...chosen])}
        />
        <p className="muted" aria-live="polite">
          {heldWords(rows, withRest ? null : chosen)}
          {!whole && `${formatPlural(unchanged, 'model')} unchanged.`}
        </p>
      </div>
    </>
  )
}

/** @param leftOut how many changes are not shown */
function useChoice(rows: readonly PlanRow[], whole: boolean, leftOut: number) {
  const all = useMemo(() => choosable(rows), [rows])
  const [chosen, setChosen] = useState(() => (whole ? new Set(all) : usualChoice(rows)))
  // Never by itself: nobody has seen what is not shown.
  const [withRest, setWithRest] = useState(false)
  const fixed = whole || withRest
  return {
    chosen,
    choose: (ids: string[], on: boolean) => setChosen((set) => withChoice(set, ids, on)),
    /** How many there are to choose from. */
    all: all.length,
    withRest,
    setWithRest,
    /** It can only be carried out as it is. */
    fixed,
    everything: fixed || (leftOut === 0 && chosen.size === all.length),
  }
}

interface RowsProps {
  rows: readonly PlanRow[]
  /** Keys of those that the plan before did not have; `null`: there was none. */
  fresh: ReadonlySet<string> | null
  chosen: ReadonlySet<string>
  /** `null`: there is nothing to choose. */
  onChoose: ((ids: string[], on: boolean) => void) | null
}

function PlanRows({ rows, fresh, chosen, onChoose }: RowsProps) {
  const [shown, setShown] = useState(SHOWN)
  const left = rows.length - shown
  return (
    <>
      <ul className="plan-rows" aria-label="Planned changes">
        {rows.slice(0, shown).map((row) => (
          <PlanRowLine
            key={row.key}
            row={row}
            moved={fresh?.has(row.key) === true}
            chosen={row.modelId !== null && chosen.has(row.modelId)}
            onChoose={row.kind === 'rejected' ? null : onChoose}
          />
        ))}
      </ul>
      {rows.length === 0 && <p className="loading">No change matches.</p>}
      {left > 0 && (
        <button type="button" className="link show-more" onClick={() => setShown(shown + SHOWN)}>
          {formatCount(Math.min(SHOWN, left))} more of {formatCount(left)}
        </button>
      )}
    </>
  )
}

function EmptyPlan({ words: [title, text] }: { words: [title: string, text: string] }) {
  return (
    <div className="card">
      <Empty title={title}>
        <p className="muted">{text}</p>
        <Link view="overview" className="button">
          Back to the overview
        </Link>
      </Empty>
    </div>
  )
}

interface ChooseAllProps {
  ids: string[]
  chosen: ReadonlySet<string>
  /** How many there are to choose from. */
  all: number
  onChoose(ids: string[], on: boolean): void
  children: ReactNode
}

function ChooseAll({ ids, chosen, all, onChoose, children }: ChooseAllProps) {
  const allShown = ids.length > 0 && ids.every((id) => chosen.has(id))
  return (
    <label className="check choose-all">
      <input type="checkbox" checked={allShown} disabled={ids.length === 0} onChange={() => onChoose(ids, !allShown)} />
      {allShown ? 'Choose none' : 'Choose all'}
      {children}
      <span className="muted">
        {formatCount(chosen.size)} of {formatPlural(all, 'model')} chosen
      </span>
    </label>
  )
}

interface ApplyButtonProps {
  applying: boolean
  words: string
  /** Nothing is chosen. */
  empty: boolean
  onApply(): void
}

function ApplyButton({ applying, words, empty, onApply }: ApplyButtonProps) {
  return (
    <button
      type="button"
      className="button primary"
      aria-disabled={applying || empty}
      onClick={() => {
        if (!applying && !empty) onApply()
      }}
    >
      {applying ? 'Applying…' : words}
    </button>
  )
}

/** What an empty plan means: that all is as it should be is said only of providers that have answered. */
function emptyWords(whole: boolean, planned: number, failed: number, unchanged: number): [title: string, text: string] {
  if (whole) return ['Nothing to take back', 'What this run changed has changed again since, or it changed nothing.']
  if (planned === 0 && failed > 0)
    return ['Nothing can be planned', 'No provider could be read, so what a sync would change is not known.']
  if (planned === 0) return ['Nothing can be planned', 'No provider is set up, or none has a key.']
  const listed = failed === 0 ? 'the providers list it' : 'the providers that answered list it'
  return ['Nothing would change', `The catalogue is as ${listed}: ${formatPlural(unchanged, 'model')} unchanged.`]
}

/** @param chosen `null`: all */
function heldWords(rows: readonly PlanRow[], chosen: ReadonlySet<string> | null): string {
  const held = rows.filter(
    ({ kind, modelId }) => kind === 'held' && modelId !== null && (chosen === null || chosen.has(modelId)),
  ).length
  return held === 0 ? '' : `${formatPlural(held, 'held change')} among them: you approve what a guard stopped. `
}

function withChoice(set: ReadonlySet<string>, ids: string[], on: boolean): Set<string> {
  const next = new Set(set)
  for (const id of ids) {
    if (on) next.add(id)
    else next.delete(id)
  }
  return next
}

function applyWords(chosen: number, all: boolean, { whole, withRest }: { whole: boolean; withRest: boolean }): string {
  if (whole) return 'Take this back'
  if (withRest) return 'Apply the whole plan'
  if (chosen === 0) return 'Choose what to apply'
  return all ? `Apply all: ${formatPlural(chosen, 'model')}` : `Apply these: ${formatPlural(chosen, 'model')}`
}

function filterRows(rows: readonly PlanRow[], kind: RowKind | null, search: string): PlanRow[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS)
  return rows.filter(
    (row) =>
      (kind === null || row.kind === kind) &&
      words.every((word) => `${row.modelId} ${row.provider}`.toLowerCase().includes(word)),
  )
}
