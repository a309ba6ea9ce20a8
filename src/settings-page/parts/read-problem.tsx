/** Why a part of the page could not be read; what this backend does not have at all is said more quietly. */
import { isSignedOut } from '../shell/signed-out.js'
import { ApiError } from '../../client/api-error.js'

interface Props {
  error: Error
  /** What it was, as the subject: "The changes". */
  what: string
  onRetry(): void
}

export function ReadProblem({ error, what, onRetry }: Props) {
  if (error instanceof ApiError && error.status === 404 && error.code === null)
    return <p className="muted">{what} are not offered by this version of the backend.</p>
  if (isSignedOut(error)) return <p className="muted read-problem">{what} can be seen once you have signed in.</p>
  return (
    <div className="read-problem">
      <p>
        {what} could not be read: {error.message}
      </p>
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </div>
  )
}
