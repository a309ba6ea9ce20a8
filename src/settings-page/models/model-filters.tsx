/** Search as you type, and what to narrow the list to. */
import { MODES } from '../../client/contract.js'
import { useId, useState } from 'react'
import type { ModelStats } from '../../client/contract.js'
import { FilterIcon, SearchIcon } from '../parts/icons.js'
import { CAPABILITY_NAMES, formatMode, providerName } from '../parts/labels.js'
import { QueryChoice } from '../shell/query-choice.js'
import { changeQuery } from '../shell/router.js'
import { useTyped } from '../shell/use-typed.js'
import { FILTERS, isUnreadable, type FilterName } from './model-query.js'

const RANGES: { title: string; unit: string; complaint: string; min: FilterName; max: FilterName }[] = [
  {
    title: 'Context',
    unit: 'tokens, such as 128k',
    complaint: 'Not a number of tokens: left out',
    min: 'minContext',
    max: 'maxContext',
  },
  {
    title: 'Input price',
    unit: 'USD per 1M tokens',
    complaint: 'Not a price: left out',
    min: 'minInput',
    max: 'maxInput',
  },
  {
    title: 'Output price',
    unit: 'USD per 1M tokens',
    complaint: 'Not a price: left out',
    min: 'minOutput',
    max: 'maxOutput',
  },
]

interface Props {
  place: URLSearchParams
  stats: ModelStats | undefined
}

export function ModelFilters({ place, stats }: Props) {
  const bounds = RANGES.flatMap(({ min, max }) => [min, max]).filter((name) => place.has(name))
  const [open, setOpen] = useState(bounds.length > 0)
  const value = (name: FilterName) => place.get(name) ?? ''
  const isOdd = (name: FilterName) => isUnreadable(name, value(name))
  const inRanges = bounds.filter((name) => !isOdd(name)).length
  const active = FILTERS.filter((name) => name !== 'search' && place.has(name)).length
  return (
    <search className="filters">
      <div className="filter-row">
        <SearchField />
        <Choices place={place} stats={stats} />
        <button type="button" className="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          <FilterIcon />
          Price and context{inRanges > 0 ? ` (${inRanges})` : ''}
        </button>
        {active > 0 && (
          <button
            type="button"
            className="link"
            onClick={() => changeQuery(Object.fromEntries(FILTERS.map((name) => [name, null])))}
          >
            Clear
          </button>
        )}
      </div>
      {open && <Ranges isOdd={isOdd} />}
    </search>
  )
}

function Choices({ place, stats }: Props) {
  const value = (name: FilterName) => place.get(name) ?? ''
  const providers = present(Object.keys(stats?.byProvider ?? {}).sort(), value('provider'))
  const stated = Object.keys(stats?.byMode ?? {})
  const modes = present(
    [
      ...MODES.filter((mode) => stated.includes(mode)),
      ...stated.filter((mode) => !(MODES as readonly string[]).includes(mode)).sort(),
    ],
    value('mode'),
  )
  return (
    <>
      <QueryChoice
        name="provider"
        label="Provider"
        any="All providers"
        value={value('provider')}
        options={providers.map((slug) => [slug, providerName(slug)])}
      />
      <QueryChoice
        name="mode"
        label="Mode"
        any="All modes"
        value={value('mode')}
        options={modes.map((mode) => [mode, formatMode(mode)])}
      />
      <QueryChoice
        name="capability"
        label="Capability"
        any="Any capability"
        value={value('capability')}
        options={Object.entries(CAPABILITY_NAMES)}
      />
      <QueryChoice
        name="availability"
        label="Availability"
        any="Any status"
        value={value('availability')}
        options={[
          ['available', 'Available'],
          ['unavailable', 'Unavailable'],
        ]}
      />
      <QueryChoice
        name="doubtful"
        label="Doubts"
        any="Doubtful or not"
        value={value('doubtful')}
        options={[['true', 'Doubtful']]}
      />
    </>
  )
}

function Ranges({ isOdd }: { isOdd(name: FilterName): boolean }) {
  const id = useId()
  return (
    <div className="ranges">
      {RANGES.map(({ title, unit, complaint, min, max }) => (
        <fieldset key={title} className="range">
          <legend>
            {title} <span className="muted">{unit}</span>
          </legend>
          <Bound name={min} label={`${title} from`} placeholder="from" complaintId={`${id}-${min}`} />
          <span aria-hidden="true">–</span>
          <Bound name={max} label={`${title} to`} placeholder="to" complaintId={`${id}-${min}`} />
          {(isOdd(min) || isOdd(max)) && (
            <p id={`${id}-${min}`} className="field-complaint">
              {complaint}
            </p>
          )}
        </fieldset>
      ))}
    </div>
  )
}

function SearchField() {
  const [text, setText] = useTyped('search')
  const id = useId()
  return (
    <div className="search">
      <SearchIcon />
      <label className="visually-hidden" htmlFor={id}>
        Search models
      </label>
      <input
        id={id}
        className="field"
        type="search"
        placeholder="Search models"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  )
}

interface BoundProps {
  name: FilterName
  label: string
  placeholder: string
  /** Of what says that the text is of no use. */
  complaintId: string
}

function Bound({ name, label, placeholder, complaintId }: BoundProps) {
  const [text, setText] = useTyped(name)
  return (
    <input
      className="field"
      aria-label={label}
      placeholder={placeholder}
      inputMode="decimal"
      autoComplete="off"
      maxLength={20}
      value={text}
      aria-invalid={isUnreadable(name, text)}
      aria-describedby={isUnreadable(name, text) ? complaintId : undefined}
      onChange={(event) => setText(event.target.value)}
    />
  )
}

// What is chosen stays in the list, also when no model is left that has it.
function present(values: string[], chosen: string): string[] {
  return chosen === '' || values.includes(chosen) ? values : [...values, chosen]
}
