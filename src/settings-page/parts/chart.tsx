/** A small picture of numbers over time: lines, steps or bars, in the page's colours; pointed at, it tells the numbers. */
import { useEffect, useRef, useState } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import '../styles/chart.css'
import { chartOptions, drawnValues, type ChartSeries } from './chart-options.js'
import { formatChartDay, formatCount, formatExact, UNKNOWN } from './format.js'
import { useMedia } from './use-media.js'

export interface ChartProps {
  /** What the picture shows, for those who do not see it. */
  label: string
  /** Seconds since the epoch, ascending. */
  times: number[]
  /** Bars stand on one another, the last at the bottom. */
  series: ChartSeries[]
  /** Pixels. */
  height: number
  /** The times are days of UTC, not moments. */
  daily?: boolean
  format?: (value: number) => string
}

export function Chart({ label, times, series, height, daily = false, format = formatCount }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const dark = useMedia('(prefers-color-scheme: dark)')
  const [pointed, setPointed] = useState<number | null>(null)

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const onPoint = (index: number | null) => setPointed(index)
    const options = chartOptions(element, { series, points: times.length, height, daily, format, onPoint })
    const chart = new uPlot(options, [times, ...drawnValues(series)], element)
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
      setPointed(null)
    }
    // The colours are read from the style, which follows the viewer's system.
  }, [times, series, height, daily, format, dark])

  const at = pointed === null ? undefined : times[pointed]
  return (
    <figure className="chart">
      <div ref={place} role="img" aria-label={label} style={{ height }} />
      <figcaption className="legend">
        {series.map(({ title, color, values }) => (
          <span key={title} className="legend-entry">
            <span className={`swatch color-${color}`} />
            {title}
            {at !== undefined && <strong>{told(values[pointed ?? 0] ?? null, format)}</strong>}
          </span>
        ))}
        {at !== undefined && (
          <span className="legend-time">{daily ? `${formatChartDay(at, 'UTC')} (UTC)` : localTime(at)}</span>
        )}
      </figcaption>
    </figure>
  )
}

function told(value: number | null, format: (value: number) => string): string {
  return value === null ? UNKNOWN : format(value)
}

function localTime(seconds: number): string {
  return formatExact(new Date(seconds * 1000).toISOString()).split(' · ')[0] ?? ''
}
