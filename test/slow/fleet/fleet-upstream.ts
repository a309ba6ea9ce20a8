/** An upstream of the fleet: counts who asks, and changes, fails and waits as the test says. Each of its answers has a number, which only grows. */
import { loopback, type Loopback } from '../../support/loopback.js'
import type { Stand } from '../../stories/fleet/check-fleet.js'

/** The model whose context says which answer it is from. */
export const CLOCK = 'clock'

export interface Hold {
  /** The client's port, once a request is there. */
  arrived: Promise<number>
  /** Sends what was said when the request came. */
  release(): void
}

export interface FleetUpstream {
  slug: string
  url: string
  /** When each request came, ms since 1970. */
  requests: number[]
  /** What it lists now. */
  readonly stand: Stand
  /** From now on lists something else: another answer, one model changed, added or gone. */
  evolve(chance: () => number): void
  /** From now on lists this. */
  serve(stand: Stand): void
  /** Asked for each answer, until `serve` or `evolve`: instances that say different things. */
  roll(pick: () => Stand): void
  /** So many requests are answered with 500. */
  fail(times: number): void
  /** Holds the answer to the next request back. */
  hold(): Hold
}

export async function startFleetUpstream(t: Parameters<typeof loopback>[0], slug: string): Promise<FleetUpstream> {
  const requests: number[] = []
  const holds: { arrive(port: number): void; released: Promise<void> }[] = []
  let stand: Stand = new Map([[CLOCK, 1001], ...Array.from({ length: 8 }, (_, at) => [`${slug}-${at}`, 8000] as const)])
  let pick: (() => Stand) | null = null
  let failures = 0
  let names = 8
  const server: Loopback = await loopback(t, async (request, response) => {
    requests.push(Date.now())
    const said = (pick ?? (() => stand))()
    const failing = failures > 0
    if (failing) failures--
    const hold = holds.shift()
    hold?.arrive(request.socket.remotePort ?? 0)
    await hold?.released
    if (failing) return void response.writeHead(500).end()
    const data = [...said].map(([id, context_length]) => ({ id, object: 'model', owned_by: slug, context_length }))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ object: 'list', data }))
  })
  return {
    slug,
    url: server.url,
    requests,
    get stand() {
      return stand
    },
    evolve(chance) {
      pick = null
      const next = new Map(stand)
      next.set(CLOCK, next.get(CLOCK)! + 1)
      const others = [...next.keys()].filter((id) => id !== CLOCK)
      const id = others[Math.floor(chance() * others.length)]!
      const kind = chance()
      if (kind < 0.4) next.set(id, 8000 + Math.floor(chance() * 1000))
      else if (kind < 0.7 && others.length < 12) next.set(`${slug}-${names++}`, 8000)
      else if (others.length > 5) next.delete(id)
      stand = next
    },
    serve(next) {
      pick = null
      stand = next
    },
    roll(next) {
      pick = next
    },
    fail(times) {
      failures = times
    },
    hold() {
      let arrive = (_port: number): void => undefined
      let release = (): void => undefined
      const arrived = new Promise<number>((resolve) => (arrive = resolve))
      const released = new Promise<void>((resolve) => (release = resolve))
      const hold = { arrive, released }
      holds.push(hold)
      return {
        arrived,
        release: () => {
          const place = holds.indexOf(hold)
          if (place >= 0) holds.splice(place, 1)
          release()
        },
      }
    },
  }
}
