/** Certificates of an authority of the test's own: for a server, and for a client. */
import { generate } from 'selfsigned'

export interface Certificate {
  cert: string
  key: string
}

export interface Certificates {
  /** The authority's certificate. */
  ca: string
  /** @param names hosts and IP addresses */
  server(...names: string[]): Promise<Certificate>
  client(commonName: string): Promise<Certificate>
}

const COMMON = { keyType: 'ec', algorithm: 'sha256' } as const

/** PEM texts. */
export async function createCertificates(): Promise<Certificates> {
  const authority = await generate([{ name: 'commonName', value: 'Test authority' }], {
    ...COMMON,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  const ca = { key: authority.private, cert: authority.cert }
  const sign = async (commonName: string, names: readonly string[]): Promise<Certificate> => {
    const altNames = names.map((name) =>
      /^[\d.]+$/.test(name) ? ({ type: 7, ip: name } as const) : ({ type: 2, value: name } as const),
    )
    const made = await generate([{ name: 'commonName', value: commonName }], {
      ...COMMON,
      ca,
      extensions: [
        { name: 'basicConstraints', cA: false },
        ...(altNames.length === 0 ? [] : [{ name: 'subjectAltName', altNames } as const]),
      ],
    })
    return { cert: made.cert, key: made.private }
  }
  return {
    ca: authority.cert,
    server: (...names) => sign(names[0] ?? 'server', names),
    client: (commonName) => sign(commonName, []),
  }
}
