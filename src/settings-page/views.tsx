/** The views, each loaded when it is first looked at. */
import { lazy } from 'react'
import type { ComponentType } from 'react'
import type { SyncResult, SyncStatus } from '../client/contract.js'
import type { ViewName } from './shell/router.js'

/** What every view may show. */
export interface ViewProps {
  status: SyncStatus | undefined
  /** Of the last run. */
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
  overview: lazy(async () => ({ default: (await import('./overview/overview-view.js')).OverviewView })),
  models: lazy(async () => ({ default: (await import('./models/models-view.js')).ModelsView })),
  changes: lazy(async () => ({ default: (await import('./changes/changes-view.js')).ChangesView })),
  history: lazy(async () => ({ default: (await import('./history/history-view.js')).HistoryView })),
  providers: lazy(async () => ({ default: (await import('./providers/providers-view.js')).ProvidersView })),
  names: lazy(async () => ({ default: (await import('./names/names-view.js')).NamesView })),
  preview: lazy(async () => ({ default: (await import('./plan/preview-view.js')).PreviewView })),
}
