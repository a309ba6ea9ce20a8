/** Reads a Dockerfile: its stages, each with its instructions in order. */

export interface Instruction {
  /** `COPY`, `RUN`, … */
  name: string
  /** Its lines joined, without what continues them. */
  value: string
}

export interface Stage {
  name: string
  instructions: Instruction[]
}

export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = []
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line))
  for (const line of lines.join('\n').replaceAll('\\\n', ' ').split('\n')) {
    const [, name = '', value = ''] = /^(\S+)\s+(.*)$/.exec(line.trim()) ?? []
    if (name === 'FROM') stages.push({ name: /\sAS\s+(\S+)/i.exec(value)?.[1] ?? '', instructions: [] })
    else stages.at(-1)?.instructions.push({ name, value })
  }
  return stages
}
