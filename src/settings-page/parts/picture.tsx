/** A chart with the place it takes, while its library is loaded and where it can't be; what is around it stays. */
import { Suspense } from 'react'
import { Boundary } from './boundary.js'
import type { ChartProps } from './chart.js'
import { loadPart } from './load-part.js'

const Chart = loadPart(async () => (await import('./chart.js')).Chart)

export function Picture(props: ChartProps) {
  return (
    <Boundary what="This picture could not be shown.">
      <Suspense fallback={<div className="chart-place" />}>
        <Chart {...props} />
      </Suspense>
    </Boundary>
  )
}
