/** The dialog that asks for a token: of an administrator, or where reads are closed of somebody who may read. */
import { useEffect, useId, useRef, useState } from 'react'
import type { SubmitEvent } from 'react'
import { ApiError } from '../../client/api-error.js'
import { checkToken } from '../api/client.js'
import { readsClosed } from '../api/host-session.js'
import { formatPlural } from '../parts/format.js'
import { isToken, useToken } from '../api/token.js'

interface DialogProps {
  reason: string | null
  onClose(): void
  /** It is the right one. */
  onToken(token: string): void
}

export function SignInDialog({ reason, onClose, onToken }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { text, type, complaint, checking, submit } = useTokenForm((token) => {
    // Closed, not only taken away: closing gives the focus back to where it was.
    dialog.current?.close()
    onToken(token)
  })
  const id = useId()
  const held = useToken()

  useEffect(() => {
    // showModal keeps the focus inside, closes on Escape and gives the focus back.
    if (dialog.current?.open === false) dialog.current.showModal()
  }, [])

  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-help`}
      onClose={onClose}
    >
      <form onSubmit={(event) => void submit(event)} noValidate>
        <h2 id={`${id}-title`}>Sign in</h2>
        {reason !== null && complaint === null && <p className="dialog-reason">{reason}</p>}
        <label htmlFor={`${id}-token`}>{readsClosed ? 'Token' : 'Admin token'}</label>
        <input
          id={`${id}-token`}
          className="field"
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          value={text}
          aria-invalid={complaint !== null}
          aria-describedby={complaint === null ? `${id}-help` : `${id}-complaint`}
          onChange={(event) => type(event.target.value)}
        />
        {complaint !== null && (
          <p id={`${id}-complaint`} className="field-complaint" role="alert">
            {complaint}
          </p>
        )}
        <p id={`${id}-help`} className="help">
          <TokenHelp />
        </p>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={() => dialog.current?.close()}>
            {readsClosed && held === null ? 'Not now' : 'Stay read-only'}
          </button>
          <button type="submit" className="button primary" aria-disabled={checking}>
            {checking ? 'Signing in…' : 'Sign in'}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function useTokenForm(onToken: (token: string) => void) {
  const [text, setText] = useState('')
  const [complaint, setComplaint] = useState<string | null>(null)
  const [checking, setChecking] = useState(false)

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    if (checking) return
    const token = text.trim().replace(/^Bearer\s+/i, '')
    if (!isToken(token)) return setComplaint(complaintAbout(token))
    setChecking(true)
    const problem = await checkToken(token).then(() => null, describeProblem)
    setChecking(false)
    if (problem !== null) return setComplaint(problem)
    onToken(token)
  }

  const type = (typed: string) => {
    setText(typed)
    setComplaint(null)
  }
  return { text, type, complaint, checking, submit }
}

function TokenHelp() {
  return (
    <>
      {readsClosed ? (
        <>
          With one of <code>READ_TOKENS</code> you can look around, with an admin token you can change things.
        </>
      ) : (
        <>
          It is the value of <code>ADMIN_TOKEN</code>, or in the file <code>admin-token</code> of the server’s data
          directory.
        </>
      )}{' '}
      The token stays in this tab until you close it.
    </>
  )
}

function complaintAbout(token: string): string {
  return token === ''
    ? `Paste ${readsClosed ? 'a' : 'the admin'} token first.`
    : 'A token has no spaces, only plain letters, digits and signs.'
}

function describeProblem(error: unknown): string {
  if (!(error instanceof ApiError)) return String(error)
  if (error.code === 'FST_MODEL_SYNC_TOO_MANY_GUESSES') return tooManyGuesses(error)
  return error.status === 401 ? 'The server refused this token (401).' : error.message
}

// A right one is let in at any time, so the wait is only for whoever goes on guessing.
function tooManyGuesses({ retryAfterMs }: ApiError): string {
  const wait = retryAfterMs === null ? 'a while' : formatPlural(Math.ceil(retryAfterMs / 1000), 'second')
  return `The server refused this token, and many wrong ones before it. Paste the right one, or wait ${wait} before the next guess.`
}
