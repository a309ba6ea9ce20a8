/** SyncLog: what a service writes to. */
import type { BaseLogger } from 'pino'

/** pino's shape. */
export type SyncLog = Pick<BaseLogger, 'debug' | 'info' | 'warn' | 'error'>
