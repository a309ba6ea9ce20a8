/** Signing in with the admin token: a dialog that any part of the page can open, and that goes on with what was refused. */
import { createContext, useCallback, useContext, useMemo, useState } from 'react'
import type { ReactNode } from 'react'
import { useToken, writeToken } from '../api/token.js'
import { SignInDialog } from './sign-in-dialog.js'

interface SignIn {
  /** Opens the dialog; `reason` says why it is needed, `then` is done once there is a token. */
  ask(reason?: string, then?: () => void): void
}

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
  const [question, setQuestion] = useState<Question | null>(null)
  const ask = useCallback(
    (reason?: string, then?: () => void) => setQuestion({ reason: reason ?? null, then: then ?? null }),
    [],
  )
  const signIn = useMemo(() => ({ ask }), [ask])
  return (
    <SignInContext value={signIn}>
      {children}
      {question !== null && (
        <SignInDialog
          reason={question.reason}
          // A refused token may have asked anew before this dialog has told that it closed.
          onClose={() => setQuestion((current) => (current === question ? null : current))}
          onToken={(token) => {
            writeToken(token)
            setQuestion(null)
            question.then?.()
          }}
        />
      )}
    </SignInContext>
  )
}

/** "Sign in" or "Sign out", for the header. */
export function SignInButton() {
  const token = useToken()
  const { ask } = useSignIn()
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
