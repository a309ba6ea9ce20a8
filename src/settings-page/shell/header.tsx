/** The top of every view: the name, the views, "Refresh Models" with its menu, the sign-in. */
import { RefreshControls } from './refresh-controls.js'
import { Navigation } from './navigation.js'
import { Link } from './link.js'
import type { ViewName } from './router.js'
import { SignInButton } from './sign-in.js'

export function Header({ view, running }: { view: ViewName; running: boolean }) {
  return (
    <header className="header">
      <div className="header-inner">
        <Link view="overview" className="brand">
          <img src={new URL('../icon.svg', import.meta.url).href} alt="" width="26" height="26" />
          <span>Model Sync</span>
        </Link>
        <Navigation current={view} />
        <div className="header-actions">
          <RefreshControls running={running} />
          <SignInButton />
        </div>
      </div>
    </header>
  )
}
