/** How a chart is drawn: its axes, its colours, its lines and bars. */
import uPlot from 'uplot'
import { formatChartDay, formatChartTime } from './format.js'

export interface ChartSeries {
  title: string
  /** Of the page's chart colours, from 0 to 7. */
  color: number
  kind: 'line' | 'step' | 'bars'
  /** One for each time; `null` = unknown. */
  values: (number | null)[]
}

interface Look {
  series: ChartSeries[]
  /** How many times there are. */
  points: number
  /** Pixels. */
  height: number
  daily: boolean
  format: (value: number) => string
  /** Told the place of the time that the viewer points at; `null`: at none. */
  onPoint: (index: number | null) => void
}

/** Seconds. */
const DAY = 86_400
// Days between two marks.
const DAY_STEPS = [1, 2, 4, 7, 14, 28, 56, 91, 182, 364].map((days) => days * DAY)
const WHOLE_STEPS = Array.from({ length: 9 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat()

/** What is drawn of each series: bars stand on those that come after them. */
export function drawnValues(series: readonly ChartSeries[]): (number | null)[][] {
  return series.map(({ kind, values }, index) => {
    if (kind !== 'bars') return values
    const below = series.slice(index + 1).filter((other) => other.kind === 'bars')
    return values.map((value, at) => below.reduce((sum, other) => sum + (other.values[at] ?? 0), value ?? 0))
  })
}

/** @param element where it is drawn; the colours are those of its style */
export function chartOptions(element: HTMLElement, look: Look): uPlot.Options {
  const { series, points, height, daily, format, onPoint } = look
  const style = getComputedStyle(element)
  const color = (name: string) => style.getPropertyValue(name).trim()
  const axis = { stroke: color('--muted'), font: `11px ${style.fontFamily}`, ticks: { show: false }, gap: 6 }
  const hasBars = series.some(({ kind }) => kind === 'bars')
  const whole = series.every(({ values }) => values.every((value) => value === null || Number.isInteger(value)))
  const timeOf = (seconds: number, step: number) =>
    daily ? formatChartDay(seconds, 'UTC') : step < DAY ? formatChartTime(seconds) : formatChartDay(seconds)
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false } },
    // On the right for half of the last day's name.
    padding: [8, 22, 0, 0],
    ...(daily ? { tzDate: (seconds: number) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC') } : {}),
    hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    scales: {
      // Half a day on both sides, or the outermost bars would be cut.
      // And of one time only, the library makes years.
      x: {
        range: (_, min, max) => {
          const last = points === 1 ? min : max
          return hasBars ? [min - DAY / 2, last + DAY / 2] : [min, last]
        },
      },
      y: { range: (_, min, max) => [Math.min(0, min ?? 0), max > 0 ? max * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        space: 64,
        size: 28,
        ...(daily ? { incrs: DAY_STEPS } : {}),
        values: (_, times, __, ___, step) => times.map((seconds) => timeOf(seconds, step)),
      },
      {
        ...axis,
        grid: { stroke: color('--border'), width: 1 },
        size: (_, values) => 14 + Math.max(10, ...(values ?? []).map((text) => text.length * 6.5)),
        ...(whole ? { incrs: WHOLE_STEPS } : {}),
        values: (_, ticks) => ticks.map(format),
        space: 36,
      },
    ],
    series: [{}, ...series.map((one) => seriesLook(one, color(`--chart-${one.color}`), points))],
  }
}

function seriesLook({ title, kind }: ChartSeries, stroke: string, points: number): uPlot.Series {
  const look = { label: title, stroke, ...pathsOf(kind) }
  return kind === 'bars'
    ? { ...look, fill: stroke, width: 0, points: { show: false } }
    : { ...look, width: 2, points: { show: points === 1 } }
}

function pathsOf(kind: ChartSeries['kind']): Pick<uPlot.Series, 'paths'> {
  const { stepped, bars } = uPlot.paths
  if (kind === 'step' && stepped !== undefined) return { paths: stepped({ align: 1 }) }
  if (kind === 'bars' && bars !== undefined) return { paths: bars({ size: [0.7, 24], align: 0 }) }
  return {}
}
