/** How the catalogue grows by provider, and how much changes each day; without a history, who has how many now. */
import { useMemo } from 'react'
import { useDays } from '../api/queries.js'
import { formatPlural } from '../parts/format.js'
import { Picture } from '../parts/picture.js'
import { dailySeries } from './daily-series.js'
import { ProviderSizes } from './provider-sizes.js'

const DAYS = 30

export function CataloguePictures() {
  const { data: days, isPending } = useDays(DAYS)
  // Kept as long as the days are the same: what is pointed at in a picture would be lost with a new one.
  const pictures = useMemo(() => (days === undefined ? null : dailySeries(days)), [days])
  return (
    <div className="pair">
      <section className="card panel" aria-labelledby="sizes-title">
        <h2 id="sizes-title">Available models by provider</h2>
        {/* A day or two make no line. */}
        {pictures !== null && pictures.times.length > 2 && (
          <Picture
            label={`Available models by provider over the last ${pictures.times.length} days`}
            times={pictures.times}
            series={pictures.sizes}
            height={190}
            daily
          />
        )}
        <ProviderSizes />
      </section>
      <section className="card panel" aria-labelledby="daily-title">
        <h2 id="daily-title">Changes per day</h2>
        {pictures !== null && pictures.sum > 0 ? (
          <Picture
            label={`Changes per day over the last ${formatPlural(pictures.times.length, 'day')}: ${pictures.sum} in all`}
            times={pictures.times}
            series={pictures.changes}
            height={220}
            daily
          />
        ) : (
          !isPending && <p className="muted">Nothing has changed in the last {DAYS} days.</p>
        )}
      </section>
    </div>
  )
}
