/** ClientFiles: the available models as the files that clients read, each written once for each state of the catalogue. */
import { CLIENTS, type ClientName } from '../../core/clients/all-clients.js'
import type { Client, ClientGateway } from '../../core/clients/client.js'
import type { OpenaiIds } from '../../core/model/openai-entry.js'
import { NoGatewayError } from '../../errors.js'
import { WrittenList, type List, type OwnBodies } from './written-list.js'

export interface ClientFilesOptions {
  /** Base address of OpenAI's API, `/v1` included; `null`: the proxy's. */
  gatewayUrl: string | null
  /** The ids that the gateway takes; the proxy takes its own. */
  ids: OpenaiIds
  /** The proxy that clients call where nobody has named another gateway; `null`: none is synced. */
  proxy: { slug: string; address: string } | null
}

export interface ClientFile extends List {
  /** As what the client keeps it. */
  file: string
  mediaType: string
}

interface Kept {
  list: WrittenList
  file: string
  mediaType: string
}

export class ClientFiles {
  private readonly kept = new Map<ClientName, Kept>()

  constructor(
    private readonly catalogue: ConstructorParameters<typeof WrittenList>[0],
    private readonly options: ClientFilesOptions,
    private readonly own: OwnBodies,
  ) {}

  /**
   * Every model of the gateway that the client can use and the caller may.
   * @param teams teams and access groups of who asks
   * @throws NoGatewayError where neither a gateway nor a proxy is known
   */
  async get(name: ClientName, viewer: string | null = null, teams: readonly string[] = []): Promise<ClientFile> {
    const kept = this.kept.get(name) ?? this.open(name)
    this.kept.set(name, kept)
    return { file: kept.file, mediaType: kept.mediaType, ...(await kept.list.get(viewer, teams)) }
  }

  /** @see WrittenList.changed */
  changed(revision: number | null): void {
    for (const { list } of this.kept.values()) list.changed(revision)
  }

  private open(name: ClientName): Kept {
    const { gatewayUrl, ids, proxy } = this.options
    const client: Client = CLIENTS[name]
    const format = client.format(gatewayOf(gatewayUrl ?? (proxy === null ? null : withVersion(proxy.address))))
    const which = gatewayUrl === null && proxy !== null ? { ids: 'provider' as const, provider: proxy.slug } : { ids }
    const list = new WrittenList(this.catalogue, { name, format, ...which }, this.own)
    return { list, file: client.file, mediaType: format.mediaType }
  }
}

/** @throws NoGatewayError */
function gatewayOf(address: string | null): ClientGateway {
  if (address === null)
    throw new NoGatewayError(
      'no address is known at which clients call the models: set gatewayUrl (MODEL_SYNC_GATEWAY_URL) to it, such as https://llm.example.com/v1',
    )
  const url = address.replace(/\/+$/, '')
  return { url, name: new URL(url).host }
}

/** OpenAI's clients take the address with the API's version. */
function withVersion(address: string): string {
  const url = address.replace(/\/+$/, '')
  return /\/v\d+$/.test(url) ? url : `${url}/v1`
}
