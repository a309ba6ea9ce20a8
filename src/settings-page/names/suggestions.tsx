/** Names that may have been meant; a click types them. */
import { changeQuery } from '../shell/router.js'

export function Suggestions({ names }: { names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <p className="suggestions">
      Did you mean{' '}
      {names.map((name) => (
        <button key={name} type="button" className="link" onClick={() => changeQuery({ name })}>
          {name}
        </button>
      ))}
      ?
    </p>
  )
}
