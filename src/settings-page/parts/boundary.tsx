/** Says that a part could not be shown, in place of an empty page: its file is gone after an update of the server, say. */
import { Component } from 'react'
import type { ReactNode } from 'react'

interface Props {
  /** What could not be shown, as a sentence. */
  what: string
  children: ReactNode
}

export class Boundary extends Component<Props, { error: Error | null }> {
  override state = { error: null as Error | null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override render() {
    if (this.state.error === null) return this.props.children
    return (
      <div className="notice bad" role="alert">
        <div className="notice-text">
          <strong>{this.props.what}</strong>
          <p>The server may have been updated since the page was opened. {this.state.error.message}</p>
        </div>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load the page again
        </button>
      </div>
    )
  }
}
