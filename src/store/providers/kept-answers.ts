/** Listing texts: the answers of a provider that were applied last, to the letter, gzipped. */
import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { Database } from '../database.js'

export interface ListingText {
  /** The listing's. */
  path: string
  /** Hex, of the answer's bytes. */
  sha256: string
  text: string
}

const compress = promisify<string, Buffer>(gzip)
const decompress = promisify<Buffer, Buffer>(gunzip)

/** Replaces those of the same listings. */
export async function saveListingTexts(
  database: Database,
  providerId: number,
  texts: readonly ListingText[],
): Promise<void> {
  if (texts.length === 0) return
  const contents = await Promise.all(texts.map(({ text }) => compress(text)))
  await database.query(
    `INSERT INTO ${database.schema}.listing_texts (provider_id, path, sha256, content)
    SELECT $1, v.path, v.sha256, v.content
    FROM unnest($2::text[], $3::text[], $4::bytea[]) AS v (path, sha256, content)
    ON CONFLICT (provider_id, path) DO UPDATE
    SET sha256 = excluded.sha256,
      content = excluded.content`,
    [providerId, texts.map(({ path }) => path), texts.map(({ sha256 }) => sha256), contents],
  )
}

/** SHA-256 by the listing's path; a listing that was never kept is left out. */
export async function readListingHashes(database: Database, providerId: number): Promise<Map<string, string>> {
  const { rows } = await database.query<{ path: string; sha256: string }>(
    `SELECT path, sha256
    FROM ${database.schema}.listing_texts
    WHERE provider_id = $1`,
    [providerId],
  )
  return new Map(rows.map(({ path, sha256 }) => [path, sha256]))
}

/** Of one provider, by the listing's path. */
export async function readListingTexts(database: Database, slug: string): Promise<Map<string, string>> {
  const { rows } = await database.query<{ path: string; content: Buffer }>(
    `SELECT t.path, t.content
    FROM ${database.schema}.listing_texts AS t
    JOIN ${database.schema}.providers AS p ON p.id = t.provider_id
    WHERE p.slug = $1`,
    [slug],
  )
  return new Map(
    await Promise.all(
      rows.map(async ({ path, content }): Promise<[string, string]> => [
        path,
        (await decompress(content)).toString('utf8'),
      ]),
    ),
  )
}
