/** The changelog as an Atom feed. */
import { createHash } from 'node:crypto'
import type { ChangeRecord } from '../../core/records/change-record.js'

export interface FeedInput {
  /** Newest first. */
  changes: readonly ChangeRecord[]
  /** Of the catalogue: the same feed, whatever address it is reached at. */
  catalogueId: string
  /** Where the routes are mounted, absolute, without a slash at the end. */
  baseUrl: string
  /** Of this feed, absolute, with its query. */
  selfUrl: string
}

// XML 1.0 has no place for them, not even escaped.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const NOT_IN_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g
const LONGEST_VALUE = 200
// What a feed without entries was last changed at: it has to be something, and always the same.
const NEVER = new Date(0)

/**
 * The XML of the feed. An entry's id stays the same for ever, whatever filter it is found by.
 * @see https://www.rfc-editor.org/rfc/rfc4287 (read 2026-11)
 */
export function writeChangeFeed({ changes, catalogueId, baseUrl, selfUrl }: FeedInput): string {
  const [newest] = changes
  const parts = [
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
    `<id>urn:uuid:${catalogueId}</id>`,
    '<title>Model catalogue: changes</title>',
    `<updated>${(newest === undefined ? NEVER : new Date(newest.at)).toISOString()}</updated>`,
    '<generator>fastify-model-sync</generator>',
    '<author><name>fastify-model-sync</name></author>',
    link(`${baseUrl}/models/changes`, 'alternate'),
    link(selfUrl, 'self'),
    ...changes.map((change) => writeEntry(change, catalogueId, baseUrl)),
    '</feed>',
  ]
  return `${parts.join('\n')}\n`
}

function writeEntry(change: ChangeRecord, catalogueId: string, baseUrl: string): string {
  const date = new Date(change.at).toISOString()
  const address = `${baseUrl}/models/${change.modelId.toWellFormed().split('/').map(encodeURIComponent).join('/')}`
  return [
    '<entry>',
    `<id>${entryId(catalogueId, change.id)}</id>`,
    `<title type="text">${escapeXml(describe(change))}</title>`,
    `<updated>${date}</updated>`,
    `<published>${date}</published>`,
    link(address, 'alternate'),
    `<summary type="text">${escapeXml(`${describe(change)} (cause: ${change.cause}, by ${change.actor})`)}</summary>`,
    ...[change.kind, change.provider].map((term) => `<category term="${escapeXml(term)}"/>`),
    '</entry>',
  ].join('\n')
}

function link(href: string, rel: string): string {
  return `<link href="${escapeXml(href)}" rel="${rel}"/>`
}

/** A name-based UUID (RFC 9562, version 5) within the catalogue's own. */
function entryId(catalogueId: string, changeId: number): string {
  const namespace = Buffer.from(catalogueId.replaceAll('-', ''), 'hex')
  const hash = createHash('sha1').update(namespace).update(`change/${changeId}`).digest().subarray(0, 16)
  hash[6] = (hash[6]! & 0x0f) | 0x50
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function describe({ kind, modelId, field, from, to }: ChangeRecord): string {
  if (kind === 'renamed') return `${modelId} was renamed from ${show(from)}`
  if (kind === 'unavailable') return `${modelId} is unavailable: ${show(to)}`
  if (field === null) return `${modelId} was ${kind}`
  return `${modelId}: ${field} ${show(from)} → ${show(to)}`
}

function show(value: unknown): string {
  if (value === null || value === undefined) return 'unknown'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE - 1)}…` : text
}

/** Fit for the text of an element and for an attribute in double quotes. */
function escapeXml(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)
  return escaped.replace(NOT_IN_XML, '\ufffd').toWellFormed()
}
