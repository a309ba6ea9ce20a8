/** What a newcomer does first. */
import { useProviders } from '../api/queries.js'
import { Empty } from '../parts/empty.js'
import { Link } from '../shell/link.js'
import { useSync } from '../sync/use-sync-actions.js'

export function FirstSteps() {
  const { refresh } = useSync()
  const { data: providers } = useProviders()
  const litellm = providers?.find(({ slug }) => slug === 'litellm')
  return (
    <Empty title="No models yet">
      <ol className="first-steps">
        {litellm !== undefined && litellm.baseUrl !== null && (
          <li>
            Your LiteLLM proxy is expected at <code>{litellm.baseUrl}</code>,{' '}
            {litellm.keyPresent ? 'and a key for it is set' : 'without a key'}.
          </li>
        )}
        <li>
          {litellm === undefined ? 'Set' : 'If that is not right, set'} <code>LITELLM_API_URL</code> to the address of
          the proxy and <code>LITELLM_API_KEY</code> to a key that may read <code>/model/info</code>, in{' '}
          <code>.env</code> or in the environment, and restart the server.
        </li>
        <li>
          Press{' '}
          <button type="button" className="link" onClick={() => refresh()}>
            Refresh Models
          </button>
          . The models appear here.
        </li>
      </ol>
      <p className="muted">
        Other providers: <Link view="providers">what each of them needs</Link>
      </p>
    </Empty>
  )
}
