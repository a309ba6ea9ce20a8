/** Signing in, with the admin token or to the host: a dialog that any part of the page can open, and that goes on with what was refused. */
import { useQueryClient } from '@tanstack/react-query'
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { ApiError } from '../../client/api-error.js'
import { checkToken } from '../api/client.js'
import { hostSignInUrl } from '../api/host-session.js'
import { readToken, useToken, writeToken } from '../api/token.js'
import { SessionDialog } from './session-dialog.js'
import { SignInDialog } from './sign-in-dialog.js'

interface SignIn {
  /** Opens the dialog; `reason` says why it is needed, `then` is done once somebody has signed in. */
  ask(reason?: string, then?: () => void): void
}

/** Why the dialog is there when the server did not take the token. */
export const TOKEN_REFUSED = 'The server refused the token (401).'

interface Question {
  reason: string | null
  then: (() => void) | null
}

const SignInContext = createContext<SignIn>({ ask: () => {} })

/** How a part of the page asks for the token. */
export function useSignIn(): SignIn {
  return useContext(SignInContext)
}

export function SignInProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [question, setQuestion] = useState<Question | null>(null)
  const ask = useCallback(
    (reason?: string, then?: () => void) => setQuestion({ reason: reason ?? null, then: then ?? null }),
    [],
  )
  useRefusedToken(ask)
  // A refused token may have asked anew before this dialog has told that it closed.
  const close = (asked: Question) => setQuestion((current) => (current === asked ? null : current))
  function goOn({ then }: Question) {
    setQuestion(null)
    // What was refused for want of it is read again, too.
    void client.invalidateQueries()
    then?.()
  }
  const signIn = useMemo(() => ({ ask }), [ask])
  return (
    <SignInContext value={signIn}>
      {children}
      {question !== null && hostSignInUrl !== null && (
        <SessionDialog
          url={hostSignInUrl}
          reason={question.reason}
          onClose={() => close(question)}
          onSignedIn={() => goOn(question)}
        />
      )}
      {question !== null && hostSignInUrl === null && (
        <SignInDialog
          reason={question.reason}
          onClose={() => close(question)}
          onToken={(token) => {
            writeToken(token)
            goOn(question)
          }}
        />
      )}
    </SignInContext>
  )
}

/** A token out of the address or of an earlier visit is tried at once, and not only when something is to be changed. */
function useRefusedToken(ask: SignIn['ask']): void {
  const token = useToken()
  useEffect(() => {
    if (token === null || hostSignInUrl !== null) return
    checkToken(token).catch((error: unknown) => {
      // While the server is away nothing is known; who tries something meanwhile is told.
      if (!(error instanceof ApiError) || error.status !== 401 || readToken() !== token) return
      writeToken(null)
      ask(TOKEN_REFUSED)
    })
  }, [token, ask])
}

/** "Sign in" or "Sign out", for the header. */
export function SignInButton() {
  const token = useToken()
  const { ask } = useSignIn()
  // The host has a way of its own.
  if (hostSignInUrl !== null) return null
  if (token === null) {
    return (
      <button type="button" className="button" onClick={() => ask()}>
        Sign in
      </button>
    )
  }
  return (
    <button type="button" className="button" onClick={() => writeToken(null)}>
      Sign out
    </button>
  )
}
