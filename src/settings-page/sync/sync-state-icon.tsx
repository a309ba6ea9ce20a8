/** The icon of a standing or an outcome; its words stand beside it. */
import { CheckIcon, CrossIcon, InfoIcon, PauseIcon, RefreshIcon, WarningIcon } from '../parts/icons.js'
import type { Standing } from './sync-state.js'

export function StandingIcon({ standing: { icon } }: { standing: Pick<Standing, 'icon'> }) {
  switch (icon) {
    case 'check':
      return <CheckIcon />
    case 'pause':
      return <PauseIcon />
    case 'warning':
      return <WarningIcon />
    case 'cross':
      return <CrossIcon />
    case 'turning':
      return <RefreshIcon turning />
    case 'info':
      return <InfoIcon />
  }
}
