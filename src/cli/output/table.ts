/** A table for people: columns as wide as their widest cell, two spaces between. */
import { stripVTControlCharacters } from 'node:util'

export interface Column<Row> {
  title: string
  /** May be painted. */
  cell(row: Row): string
  /** Numbers. */
  right?: boolean
}

/** The lines, the first with the titles. */
export function layOut<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string[] {
  const cells = [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))]
  const widths = columns.map((_, column) => Math.max(...cells.map((line) => widthOf(line[column] ?? ''))))
  return cells.map((line) =>
    line
      .map((cell, column) => {
        const fill = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)))
        return columns[column]?.right === true ? fill + cell : cell + fill
      })
      .join('  ')
      .trimEnd(),
  )
}

function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length
}
