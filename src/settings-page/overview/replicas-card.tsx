/** Which processes share the catalogue, and what each has in hand; nothing where there is one alone. */
import type { Replica } from '../../client/contract.js'
import { useReplicas } from '../api/queries.js'
import { Moment } from '../parts/moment.js'

const WORK: Record<string, string> = {
  run: 'syncing',
  'user-sync': 'syncing with a user’s keys',
  news: 'sending news',
  tick: 'planning the next sync',
  retention: 'tidying up',
  rotation: 'renewing keys',
  probe: 'probing models',
}

export function ReplicasCard() {
  const { data: replicas } = useReplicas()
  if (replicas === undefined || replicas.length < 2) return null
  const versions = new Set(replicas.map(({ version }) => version))
  return (
    <section className="card panel" aria-labelledby="replicas-title">
      <div className="panel-top">
        <h2 id="replicas-title">{replicas.length} replicas</h2>
        {versions.size > 1 && <span className="muted">{versions.size} versions</span>}
      </div>
      <ul className="few">
        {replicas.map((replica) => (
          <li key={`${replica.name} ${replica.since}`}>
            <span className="few-name" title={`Version ${replica.version}`}>
              {replica.name}
            </span>
            <span className="muted few-provider">
              {versions.size > 1 && `${replica.version}, `}since <Moment iso={replica.since} />
            </span>
            <span className="few-detail">{workOf(replica)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function workOf({ holds }: Replica): string {
  if (holds.length === 0) return 'idle'
  return [...new Set(holds)].map((kind) => WORK[kind] ?? kind).join(', ')
}
