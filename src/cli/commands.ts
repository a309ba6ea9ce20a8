/** The table of commands, in the order of the help; the first is the default. */
import type { Command } from './line/command.js'
import { apply } from './commands/apply.js'
import { changes } from './commands/changes.js'
import { exportModels } from './commands/export.js'
import { history } from './commands/history.js'
import { list } from './commands/list.js'
import { migrate } from './commands/migrate.js'
import { modelsJson } from './commands/models-json.js'
import { plan } from './commands/plan.js'
import { probe } from './commands/probe.js'
import { providers } from './commands/providers.js'
import { resolve } from './commands/resolve.js'
import { show } from './commands/show.js'
import { status } from './commands/status.js'
import { sync } from './commands/sync.js'

export const DEFAULT_COMMAND: Command = sync
export const COMMANDS: readonly Command[] = [
  DEFAULT_COMMAND,
  plan,
  apply,
  list,
  show,
  resolve,
  providers,
  history,
  changes,
  status,
  probe,
  exportModels,
  modelsJson,
  migrate,
]
