/** What a provider's entries state and nobody reads, and what they no longer state. */
import type { Provider } from '../../client/contract.js'
import { formatPlural } from '../parts/format.js'
import { Moment } from '../parts/moment.js'

export function DriftNote({ provider: { unread, vanished } }: { provider: Provider }) {
  if (unread.length + vanished.length === 0) return null
  const parts = [
    ...(unread.length === 0 ? [] : [`${formatPlural(unread.length, 'member')} of its entries not read`]),
    ...(vanished.length === 0 ? [] : [`${vanished.length} gone`]),
  ]
  return (
    <details className="drift">
      <summary>{parts.join(', ')}</summary>
      <ul>
        {vanished.map((member) => (
          <Member key={`gone ${member.listing} ${member.path}`} member={member} note="gone" />
        ))}
        {unread.map((member) => (
          <Member key={`${member.listing} ${member.path}`} member={member} note="not read" />
        ))}
      </ul>
    </details>
  )
}

function Member({ member, note }: { member: Provider['unread'][number]; note: string }) {
  const { path, looksLike, entries, of, since } = member
  return (
    <li>
      <code>{path}</code> ({looksLike}) {note}: in {entries} of {formatPlural(of, 'entry', 'entries')} since{' '}
      <Moment iso={since} />
    </li>
  )
}
