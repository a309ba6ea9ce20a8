/** The views, each loaded when it is first looked at. */
import type { ComponentType } from 'react'
import type { SyncResult, SyncStatus } from '../client/contract.js'
import { loadPart } from './parts/load-part.js'
import type { ViewName } from './shell/router.js'
import type { Standing } from './sync/sync-state.js'

/** What every view may show. */
export interface ViewProps {
  status: SyncStatus | undefined
  standing: Standing
  /** Of the last sync. */
  result: SyncResult | null
  running: boolean
  /** The server does not answer just now. */
  away: boolean
}

export const VIEW_TITLES: Record<ViewName, string> = {
  overview: 'Overview',
  models: 'Models',
  changes: 'Changes',
  history: 'History',
  providers: 'Providers',
  names: 'Names',
  preview: 'Preview',
}

export const VIEW_COMPONENTS: Record<ViewName, ComponentType<ViewProps>> = {
  overview: loadPart(async () => (await import('./overview/overview-view.js')).OverviewView),
  models: loadPart(async () => (await import('./models/models-view.js')).ModelsView),
  changes: loadPart(async () => (await import('./changes/changes-view.js')).ChangesView),
  history: loadPart(async () => (await import('./history/history-view.js')).HistoryView),
  providers: loadPart(async () => (await import('./providers/providers-view.js')).ProvidersView),
  names: loadPart(async () => (await import('./names/names-view.js')).NamesView),
  preview: loadPart(async () => (await import('./preview/preview-view.js')).PreviewView),
}
