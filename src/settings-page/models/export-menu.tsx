/** The models of the view, all pages of it, as a file. */
import { useRef, useState } from 'react'
import type { ModelsQuery } from '../../client/contract.js'
import { formatCount } from '../parts/format.js'
import { DownloadIcon } from '../parts/icons.js'
import { Popover } from '../parts/popover.js'
import { exportModels, type ExportFormat } from './export-models.js'

interface Props {
  query: ModelsQuery
  total: number
}

export function ExportMenu({ query, total }: Props) {
  const [done, setDone] = useState<number | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const stop = useRef<AbortController | null>(null)

  async function run(format: ExportFormat) {
    stop.current = new AbortController()
    setProblem(null)
    setDone(0)
    try {
      await exportModels(query, format, setDone, stop.current.signal)
    } catch (error) {
      if (!stop.current.signal.aborted) setProblem((error as Error).message)
    }
    setDone(null)
  }

  return (
    <>
      <p className="muted" role="status">
        {problem === null
          ? done !== null && `${formatCount(done)} of ${formatCount(total)}`
          : `The export stopped: ${problem}`}
      </p>
      {done === null ? (
        <Popover
          label="Export"
          className="button"
          trigger={
            <>
              <DownloadIcon />
              Export
            </>
          }
          panel={(close) => (
            <Formats
              onChoose={(format) => {
                close()
                void run(format)
              }}
            />
          )}
        />
      ) : (
        <button type="button" className="button" onClick={() => stop.current?.abort()}>
          Stop the export
        </button>
      )}
    </>
  )
}

function Formats({ onChoose }: { onChoose(format: ExportFormat): void }) {
  return (
    <div className="menu">
      {(['csv', 'json'] as const).map((format) => (
        <button key={format} type="button" className="menu-item" onClick={() => onChoose(format)}>
          <strong>{format.toUpperCase()}</strong>
          <span>
            {format === 'csv'
              ? 'For a spreadsheet; prices in USD per token, exact.'
              : 'The models as the API gives them.'}
          </span>
        </button>
      ))}
    </div>
  )
}
