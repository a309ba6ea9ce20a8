/** A small picture of numbers over time: lines, steps or bars, in the page's colours. */
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import '../styles/chart.css'
import { formatCount } from './format.js'
import { useMedia } from './use-media.js'

export interface ChartSeries {
  title: string
  /** Of the page's chart colours. */
  color: number
  kind: 'line' | 'step' | 'bars'
  /** One for each time; `null` = unknown. */
  values: (number | null)[]
  /** The area below is filled. */
  filled?: boolean
}

export interface ChartProps {
  /** What the picture shows, for those who do not see it. */
  label: string
  /** Seconds since the epoch, ascending. */
  times: number[]
  series: ChartSeries[]
  /** Pixels. */
  height: number
  format?: (value: number) => string
}

export const CHART_COLORS = 8

export function Chart({ label, times, series, height, format = formatCount }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const dark = useMedia('(prefers-color-scheme: dark)')

  useEffect(() => {
    const element = place.current
    if (element === null) return
    const options = optionsOf(element, series, times.length, height, format)
    const chart = new uPlot(options, [times, ...series.map(({ values }) => values)], element)
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      chart.destroy()
    }
    // The colours are read from the style, which follows the viewer's system.
  }, [times, series, height, format, dark])

  return (
    <figure className="chart">
      <div ref={place} role="img" aria-label={label} style={{ height }} />
      <figcaption className="legend">
        {series.map(({ title, color }) => (
          <span key={title} className="legend-entry">
            <span className={`swatch color-${color % CHART_COLORS}`} />
            {title}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}

function optionsOf(
  element: HTMLElement,
  series: ChartSeries[],
  points: number,
  height: number,
  format: (value: number) => string,
): uPlot.Options {
  const style = getComputedStyle(element)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const font = `11px ${style.fontFamily}`
  const axis = { stroke: color('--muted'), font, ticks: { show: false }, gap: 6 }
  const grid = { stroke: color('--border'), width: 1 }
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    padding: [8, 12, 0, 0],
    scales: { y: { range: (_, min, max) => [Math.min(0, min ?? 0), max > 0 ? max * 1.08 : 1] } },
    axes: [
      { ...axis, grid: { show: false }, space: 70 },
      {
        ...axis,
        grid,
        size: (_, values) => 14 + Math.max(10, ...(values ?? []).map((text) => text.length * 6.5)),
        values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) || tick < 10 ? format(tick) : '')),
        space: 36,
      },
    ],
    series: [
      {},
      ...series.map(({ title, kind, color: index, filled = false }) => {
        const stroke = color(`--chart-${index % CHART_COLORS}`)
        const paths =
          kind === 'bars'
            ? uPlot.paths.bars?.({ size: [0.7, 24], align: 0 })
            : kind === 'step'
              ? uPlot.paths.stepped?.({ align: 1 })
              : undefined
        return {
          label: title,
          stroke,
          width: kind === 'bars' ? 0 : 2,
          points: { show: points === 1 && kind !== 'bars' },
          ...(kind === 'bars' ? { fill: stroke } : filled ? { fill: `${stroke}22` } : {}),
          ...(paths === undefined ? {} : { paths }),
        }
      }),
    ],
  }
}
