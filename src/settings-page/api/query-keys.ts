/** The keys of the page's data. */

export const STATUS = ['status'] as const
export const REVISION = ['revision'] as const
/** Whether the server's events are heard. */
export const LIVE = ['live'] as const
/** How far the run in progress is. */
export const PROGRESS = ['progress'] as const
export const REPLICAS = ['replicas'] as const
/** Everything that is read again when the revision moves or a run has ended. */
export const CATALOGUE = ['catalogue'] as const
