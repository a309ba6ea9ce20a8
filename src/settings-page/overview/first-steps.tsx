/** What a newcomer does first. */
import { Empty } from '../parts/empty.js'
import { useSync } from '../sync/use-sync-actions.js'

export function FirstSteps() {
  const { refresh } = useSync()
  return (
    <Empty title="No models yet">
      <ol className="first-steps">
        <li>
          Set <code>LITELLM_API_URL</code> to the address of your LiteLLM proxy and <code>LITELLM_API_KEY</code> to a
          key that may read <code>/model/info</code>, in <code>.env</code> or in the environment.
        </li>
        <li>Restart the server.</li>
        <li>
          Press{' '}
          <button type="button" className="link" onClick={() => refresh()}>
            Refresh Models
          </button>
          . The models appear here.
        </li>
      </ol>
    </Empty>
  )
}
