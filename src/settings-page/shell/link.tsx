/** A link to a view: an address of its own, so that it can be copied and opened in another tab. */
import type { AnchorHTMLAttributes } from 'react'
import { addressOf, navigate, type QueryState, type ViewName } from './router.js'

interface Props extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  view: ViewName
  query?: QueryState
}

export function Link({ view, query = {}, onClick, ...rest }: Props) {
  return (
    <a
      {...rest}
      href={addressOf(view, query)}
      onClick={(event) => {
        onClick?.(event)
        if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
        event.preventDefault()
        navigate(view, query)
      }}
    />
  )
}
