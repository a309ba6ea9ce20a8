/** A field's value in words, whatever its type. */
import { priceWindowsText } from './price-windows.js'
import { formatCount, formatDay, formatPricePerMillion, UNKNOWN } from './format.js'
import { capabilityNames, CAPABILITY_NAMES, formatMode } from './labels.js'

export const FIELD_TITLES: Record<string, string> = {
  name: 'Name',
  description: 'Description',
  ownedBy: 'Owned by',
  mode: 'Mode',
  contextLength: 'Context length',
  maxOutputTokens: 'Max output',
  inputModalities: 'Input modalities',
  outputModalities: 'Output modalities',
  capabilities: 'Capabilities',
  inputCostPerToken: 'Input price',
  outputCostPerToken: 'Output price',
  cacheReadCostPerToken: 'Cache read price',
  cacheWriteCostPerToken: 'Cache write price',
  otherPrices: 'Other prices',
  priceWindows: 'Prices by the hour',
  deployments: 'Deployments',
  rpm: 'Requests a minute',
  tpm: 'Tokens a minute',
  restricted: 'Restricted',
  teams: 'Teams',
  accessGroups: 'Access groups',
  aliases: 'Aliases',
  createdAt: 'Created',
  deprecationDate: 'Deprecation',
  replacedBy: 'Replaced by',
  availability: 'Availability',
  hidden: 'Hidden',
  origin: 'Origin',
}

/** A field's name for people. */
export function fieldTitle(field: string): string {
  return FIELD_TITLES[field] ?? field
}

/** Whether a field is USD per token. */
export function isPrice(field: string): boolean {
  return field.endsWith('CostPerToken')
}

/** A field's value for people; a price with its unit. */
export function formatValue(field: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return UNKNOWN
  if (isPrice(field)) {
    const price = formatPricePerMillion(String(value))
    return price.startsWith('$') ? `${price} per 1M tokens` : price
  }
  if (field === 'createdAt') return formatDay(String(value))
  if (field === 'mode') return formatMode(String(value))
  if (field === 'contextLength' || field === 'maxOutputTokens') return `${formatCount(Number(value))} tokens`
  if (field === 'otherPrices' && Array.isArray(value))
    return value.length === 0 ? UNKNOWN : value.map(formatOtherPrice).join('; ')
  if (field === 'priceWindows' && Array.isArray(value))
    return value.length === 0 ? UNKNOWN : priceWindowsText(value).replaceAll('\n', '; ')
  if (Array.isArray(value)) return value.length === 0 ? UNKNOWN : value.join(', ')
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return formatCount(value)
  if (field === 'capabilities' && typeof value === 'object') return formatCapabilities(value as Record<string, unknown>)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

function formatOtherPrice(price: { kind: string; unit: string; currency: string; price: string }): string {
  const kind = price.kind.replaceAll('_', ' ')
  if (price.unit === 'token' && price.currency === 'USD')
    return `${kind} ${formatPricePerMillion(price.price)} per 1M tokens`
  return `${kind} ${price.currency === 'USD' ? '$' : `${price.currency} `}${price.price} per ${price.unit}`
}

function formatCapabilities(value: Record<string, unknown>): string {
  const able = capabilityNames(value as Record<string, boolean | null>)
  const not = Object.keys(value)
    .filter((key) => value[key] === false)
    .map((key) => `no ${CAPABILITY_NAMES[key] ?? key}`)
  const told = [...able, ...not]
  return told.length === 0 ? UNKNOWN : told.join(', ')
}
