/** A process that writes a models.json again and again, each time with something new: `<file> <name> <from> <to>`. */
import { updateModelsJson } from '../../../src/services/models-json/update.js'

const [file, name, from, to] = process.argv.slice(2) as [string, string, string, string]

for (let count = Number(from); count < Number(to); count++) {
  const upstream = [
    { Id: '0xfeed', Name: 'from upstream', count, writer: name },
    { Id: `0x${count % 7}`, Name: `row ${count % 7}`, Tags: Array.from({ length: 50 }, () => 'filling') },
  ]
  const { written, warnings } = await updateModelsJson({ file, upstream, now: Date.now })
  if (warnings.length > 0) throw new Error(warnings.join())
  process.send?.({ count: count + 1, written })
}
process.disconnect?.()
