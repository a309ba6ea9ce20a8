/** What a screen reader is told: that a sync runs, and how one that ended since the page was opened has ended. */
import { useEffect, useRef, useState } from 'react'
import type { SyncResult } from '../../client/contract.js'
import { sentenceOfCounts } from './outcome.js'

/** @param title how things stand then */
export function useAnnouncement(running: boolean, title: string, result: SyncResult | null): string {
  const [text, setText] = useState('')
  const wasRunning = useRef(false)
  useEffect(() => {
    if (running) setText('Sync running.')
    else if (wasRunning.current && result !== null) setText(`${title}: ${sentenceOfCounts(result)}.`)
    wasRunning.current = running
  }, [running, title, result])
  return text
}
