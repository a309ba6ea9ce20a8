/** Models as a TypeScript module with one typed constant. */
import { CAPABILITIES, MODES } from '../../core/model/model.js'
import { escapeUnseen } from '../../core/input/one-line.js'
import type { ExportedModel } from '../../core/model/exported-model.js'

const text = (values: readonly string[]): string => values.map((value) => `'${value}'`).join(' | ')

/** Everything before the first model. The types are written out, so that the module needs no package. */
export const TS_HEADER = `/** The catalogue of models, written by \`model-sync export --format ts\`. Prices are USD per token, decimal; null is unknown. */

export type Mode = ${text(MODES)} | (string & {})

export type Capability = ${text(CAPABILITIES)}

export interface CatalogueModel {
  /** \`<provider>/<providerModelId>\` */
  readonly id: string
  readonly provider: string
  readonly providerModelId: string
  /** The same for every provider's offer of one model, where that is certain. */
  readonly canonicalName: string | null
  readonly name: string
  readonly description: string | null
  readonly ownedBy: string | null
  readonly mode: Mode | null
  readonly contextLength: number | null
  readonly maxOutputTokens: number | null
  readonly inputModalities: readonly string[]
  readonly outputModalities: readonly string[]
  readonly capabilities: Readonly<Record<Capability, boolean | null>>
  readonly inputCostPerToken: string | null
  readonly outputCostPerToken: string | null
  readonly cacheReadCostPerToken: string | null
  readonly cacheWriteCostPerToken: string | null
  readonly otherPrices: readonly { readonly kind: string; readonly unit: string; readonly currency: string; readonly price: string }[]
  readonly priceWindows: readonly {
    readonly days: readonly number[]
    readonly from: string
    readonly to: string
    readonly timeZone: string
    readonly dayTimeZone?: string
    readonly prices: {
      readonly inputCostPerToken?: string
      readonly outputCostPerToken?: string
      readonly cacheReadCostPerToken?: string
      readonly cacheWriteCostPerToken?: string
    }
  }[]
  readonly deployments: number | null
  readonly rpm: number | null
  readonly tpm: number | null
  readonly restricted: boolean | null
  readonly teams: readonly string[]
  readonly accessGroups: readonly string[]
  readonly aliases: readonly string[]
  readonly createdAt: string | null
  readonly deprecationDate: string | null
  readonly replacedBy: string | null
  readonly origin: 'synced' | 'local'
  readonly availability: 'available' | 'unavailable'
  readonly unavailableReason: string | null
  readonly unavailableSince: string | null
  readonly hidden: boolean
  readonly firstSeenAt: string
  readonly updatedAt: string
}

export const models: readonly CatalogueModel[] = [
`

export const TS_FOOTER = ']\n'

export function typescriptMember(model: ExportedModel): string {
  const json = escapeUnseen(JSON.stringify(model))
  return `  ${json},\n`
}
