/** A choice that stands in the address of the view, and in nothing else. */
import { changeQuery } from './router.js'

interface Props {
  /** In the address. */
  name: string
  label: string
  /** What is shown while nothing is chosen. */
  any: string
  value: string
  options: [value: string, text: string][]
}

export function QueryChoice({ name, label, any, value, options }: Props) {
  return (
    <select
      className="field"
      aria-label={label}
      value={value}
      onChange={(event) => changeQuery({ [name]: event.target.value })}
    >
      <option value="">{any}</option>
      {options.map(([option, text]) => (
        <option key={option} value={option}>
          {text}
        </option>
      ))}
    </select>
  )
}
