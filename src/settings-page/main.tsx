/** Starts the settings page. */
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createQueryClient } from './api/queries.js'
import { adoptTokenFromAddress } from './api/token.js'
import { App } from './app.js'
import { SignInProvider } from './shell/sign-in.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/controls.css'
import './styles/shell.css'
import './styles/sync.css'

// First of all: the token must not stay in the address while anything else loads.
adoptTokenFromAddress()

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no element with the id "root"')

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={createQueryClient()}>
      <SignInProvider>
        <App />
      </SignInProvider>
    </QueryClientProvider>
  </StrictMode>,
)
