/** The columns of the models list: what each shows, how wide it is, and by which of the API's keys it sorts. */
import {
  columnVisibilityFeature,
  createColumnHelper,
  rowSortingFeature,
  tableFeatures,
  type Column,
} from '@tanstack/react-table'
import type { ReactNode } from 'react'
import type { Model } from '../../client/contract.js'
import { formatCount, formatPricePerMillion, UNKNOWN } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { formatMode, providerName } from '../parts/labels.js'
import { AvailabilityCell, CapabilitiesCell, ModelCell } from './cells.js'

export const features = tableFeatures({ columnVisibilityFeature, rowSortingFeature })

interface ColumnLook {
  title: string
  /** What the number counts. */
  unit?: string
  kind: 'model' | 'text' | 'number' | 'capabilities' | 'availability'
  /** A track of the grid. */
  width: string
  /** Shown unless the viewer chose otherwise. */
  usual: boolean
}

export interface ColumnMeta extends ColumnLook {
  content(model: Model): ReactNode
}

export type ModelColumn = Column<typeof features, Model>

export function metaOf({ columnDef }: Pick<ModelColumn, 'columnDef'>): ColumnMeta {
  return columnDef.meta as ColumnMeta
}

/** Pixels below which a column does not go. */
export function leastWidth({ width }: ColumnLook): number {
  return Number(/\d+/.exec(width)?.[0] ?? 0)
}

const helper = createColumnHelper<typeof features, Model>()

function column(id: string, look: ColumnLook, content: ColumnMeta['content'], sortable = false) {
  return helper.display({
    id,
    meta: { ...look, content } satisfies ColumnMeta,
    header: look.title,
    enableSorting: sortable,
    enableHiding: id !== 'name',
  })
}

const text = (title: string, width: string, usual = true): ColumnLook => ({ title, kind: 'text', width, usual })
const number = (title: string, unit: string, width: string, usual = true): ColumnLook => ({
  title,
  unit,
  kind: 'number',
  width,
  usual,
})
const MILLION = 'per 1M tokens'

/** Those whose id is a sort key of the API can be sorted. */
export const columns = helper.columns([
  column(
    'name',
    { title: 'Model', kind: 'model', width: 'minmax(220px, 2fr)', usual: true },
    (model) => <ModelCell model={model} />,
    true,
  ),
  column('provider', text('Provider', 'minmax(88px, 0.7fr)'), (model) => providerName(model.provider)),
  column('ownedBy', text('Owned by', 'minmax(88px, 0.7fr)'), (model) => model.ownedBy ?? UNKNOWN, true),
  column('mode', text('Mode', 'minmax(88px, 0.7fr)'), (model) => formatMode(model.mode), true),
  column('contextLength', number('Context', 'tokens', '90px'), (model) => formatCount(model.contextLength), true),
  column(
    'maxOutputTokens',
    number('Max output', 'tokens', '90px', false),
    (model) => formatCount(model.maxOutputTokens),
    true,
  ),
  column(
    'inputCostPerToken',
    number('Input', MILLION, '98px'),
    (model) => formatPricePerMillion(model.inputCostPerToken),
    true,
  ),
  column(
    'outputCostPerToken',
    number('Output', MILLION, '98px'),
    (model) => formatPricePerMillion(model.outputCostPerToken),
    true,
  ),
  column('cacheReadCostPerToken', number('Cache read', MILLION, '98px', false), (model) =>
    formatPricePerMillion(model.cacheReadCostPerToken),
  ),
  column('cacheWriteCostPerToken', number('Cache write', MILLION, '98px', false), (model) =>
    formatPricePerMillion(model.cacheWriteCostPerToken),
  ),
  column(
    'capabilities',
    { title: 'Capabilities', kind: 'capabilities', width: 'minmax(252px, 1.4fr)', usual: true },
    (model) => <CapabilitiesCell model={model} />,
  ),
  column(
    'availability',
    { title: 'Availability', kind: 'availability', width: 'minmax(190px, 0.9fr)', usual: true },
    (model) => <AvailabilityCell model={model} />,
  ),
  column('firstSeenAt', text('First seen', '118px', false), (model) => <Moment iso={model.firstSeenAt} />, true),
  column('updatedAt', text('Updated', '118px', false), (model) => <Moment iso={model.updatedAt} />, true),
])

/** Where there is no room for columns and each row is a card. */
export const CARDS = '(width <= 700px)'

/** The columns that are shown unless the address says otherwise. */
export const USUAL_COLUMNS = columns.flatMap(({ id, meta }) => ((meta as ColumnMeta).usual ? [String(id)] : []))
