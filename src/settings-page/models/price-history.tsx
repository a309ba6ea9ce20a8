/** What a model has cost over time, as a picture and in words. */
import { useMemo } from 'react'
import { usePrices } from '../api/queries.js'
import type { ModelDetail } from '../../client/contract.js'
import type { PriceSpan } from '../api/further-routes.js'
import { formatPlural, formatPricePerMillion, plainPerMillion } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import type { ChartSeries } from '../parts/chart-options.js'
import { Picture } from '../parts/picture.js'

export function PriceHistory({ model }: { model: ModelDetail }) {
  const { data: periods } = usePrices(model.id)
  // Without a history there is only the price of now, which stands among the fields.
  if (periods === undefined || periods.length === 0) return null
  return (
    <section className="drawer-section" aria-labelledby="prices-title">
      <h3 id="prices-title">Price over time</h3>
      <PriceChart periods={periods} />
      <ul className="price-lines">
        {periods
          .slice(-6)
          .toReversed()
          .map((period) => (
            <li key={period.validFrom}>
              <span className="muted">
                since <Moment iso={period.validFrom} />
              </span>{' '}
              {formatPricePerMillion(period.inputCostPerToken)} in, {formatPricePerMillion(period.outputCostPerToken)}{' '}
              out
            </li>
          ))}
      </ul>
    </section>
  )
}

// For the eye only; without an exponent, however small.
const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD', maximumSignificantDigits: 6 })

// One function for all renders: a new one would draw the picture anew.
function formatDollars(value: number): string {
  return dollars.format(value)
}

function PriceChart({ periods }: { periods: PriceSpan[] }) {
  const { times, series } = useMemo(() => {
    const starts = periods.map(({ validFrom }) => Date.parse(validFrom) / 1000)
    const end = periods.at(-1)?.validTo
    const last = end === null || end === undefined ? Date.now() / 1000 : Date.parse(end) / 1000
    const line = (title: string, color: number, key: 'inputCostPerToken' | 'outputCostPerToken'): ChartSeries => {
      // For the eye only: the exact price stands in words below.
      const values = periods.map((period) => (period[key] === null ? null : Number(plainPerMillion(period[key]))))
      return { title, color, kind: 'step', values: [...values, values.at(-1) ?? null] }
    }
    return {
      times: [...starts, Math.max(last, (starts.at(-1) ?? 0) + 1)],
      series: [line('Input', 0, 'inputCostPerToken'), line('Output', 1, 'outputCostPerToken')],
    }
  }, [periods])
  return (
    <Picture
      label={`Price per 1M tokens over time, ${formatPlural(periods.length, 'period')}; the list below has them in words`}
      times={times}
      series={series}
      height={160}
      format={formatDollars}
    />
  )
}
