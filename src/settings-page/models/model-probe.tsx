/** Sends the smallest request to a model, and says how it went. */
import { useMutation } from '@tanstack/react-query'
import { ApiError } from '../../client/api-error.js'
import type { ModelDetail } from '../../client/contract.js'
import { postProbe } from '../api/further-routes.js'
import { formatDuration } from '../parts/format.js'
import { useRefused } from '../shell/use-refused.js'

export function ModelProbe({ model }: { model: ModelDetail }) {
  const refused = useRefused()
  const probe = useMutation({ mutationFn: () => postProbe(model.id) })
  const { data, error } = probe

  function run() {
    probe.mutate(undefined, { onError: (error) => (isOff(error) ? undefined : refused(run)(error)) })
  }

  return (
    <section className="drawer-section" aria-labelledby="probe-title">
      <h3 id="probe-title">Probe</h3>
      <p className="probe">
        <button type="button" className="button" aria-disabled={probe.isPending} onClick={run}>
          {probe.isPending ? 'Asking…' : 'Ask the model'}
        </button>
        <span role="status">
          {data?.ok === true && (
            <span className="badge good">
              answers{data.latencyMs === null ? '' : `, ${formatDuration(data.latencyMs)}`}
            </span>
          )}
          {data?.ok === false && <span className="text-bad">It does not answer: {data.reason}</span>}
          {error instanceof ApiError && (isOff(error) || !error.refused) && (
            <span className="muted">
              {error.status === 404 && error.code === null ? 'This backend does not probe.' : error.message}
            </span>
          )}
          {data === undefined && error === null && (
            <span className="muted">Sends the smallest chat request there is.</span>
          )}
        </span>
      </p>
    </section>
  )
}

// A 403 that no sign-in mends.
function isOff(error: Error): boolean {
  return error instanceof ApiError && error.code === 'FST_MODEL_SYNC_PROBE_OFF'
}
