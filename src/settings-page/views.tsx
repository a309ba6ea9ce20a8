/** The views, each loaded when it is first looked at. */
import type { ComponentType } from 'react'
import { loadPart } from './parts/load-part.js'
import type { ViewName } from './shell/router.js'
import type { ViewProps } from './view-props.js'

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
