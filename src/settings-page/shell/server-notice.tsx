/** Says that the server is away, why as far as one can tell, and that the page keeps trying. */
import { ApiError } from '../../client/api-error.js'
import { InfoIcon, WarningIcon } from '../parts/icons.js'
import { useSignIn } from './sign-in.js'
import { isSignedOut } from './signed-out.js'

interface Props {
  error: Error
  /** What the page shows is from before. */
  stale: boolean
  retrying: boolean
  onRetry(): void
}

export function ServerNotice({ error, stale, retrying, onRetry }: Props) {
  const { ask } = useSignIn()
  const { what, next } = explain(error)
  if (isSignedOut(error)) {
    return (
      <div className="notice quiet">
        <InfoIcon />
        <div className="notice-text">
          <strong>Sign in to see this catalogue.</strong>
          <p>It is shown only to those who have signed in.</p>
        </div>
        <button type="button" className="button" onClick={() => ask(undefined, onRetry)}>
          Sign in
        </button>
      </div>
    )
  }
  return (
    <div className="notice bad" role="alert">
      <WarningIcon />
      <div className="notice-text">
        <strong>{what}</strong>
        <p>
          {next} {stale ? 'What you see below is the last that it said. ' : ''}This page tries again by itself.
        </p>
      </div>
      {error instanceof ApiError && error.refused ? (
        <button type="button" className="button" onClick={() => ask(undefined, onRetry)}>
          Sign in
        </button>
      ) : (
        <button type="button" className="button" onClick={onRetry} aria-disabled={retrying}>
          Try now
        </button>
      )}
    </div>
  )
}

function explain(error: Error): { what: string; next: string } {
  const status = error instanceof ApiError ? error.status : 0
  if (status === 0)
    return { what: 'The server does not answer.', next: 'It may be restarting, or the connection is down.' }
  if (status === 503)
    return {
      what: 'The server is waiting for its database.',
      next: 'Check that PostgreSQL runs and that DATABASE_URL is right.',
    }
  if (error instanceof ApiError && error.refused)
    return { what: 'You may not read this catalogue.', next: `Sign in. The server says: ${error.message}` }
  if (status === 429)
    return { what: 'The server has had too many requests from your address.', next: `It says: ${error.message}.` }
  return { what: `The server answered with an error (${status}).`, next: error.message }
}
