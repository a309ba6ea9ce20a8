/** A model's last changes. */
import type { Change } from '../../client/contract.js'
import { ChangeLine } from '../changes/change-line.js'

export function ModelChanges({ changes }: { changes: Change[] }) {
  return (
    <section className="drawer-section" aria-labelledby="changes-title">
      <h3 id="changes-title">Changes</h3>
      {changes.length === 0 ? (
        <p className="muted">None on record.</p>
      ) : (
        <ul className="change-lines">
          {changes.map((change) => (
            <ChangeLine key={change.id} change={change} of="model" />
          ))}
        </ul>
      )}
    </section>
  )
}
