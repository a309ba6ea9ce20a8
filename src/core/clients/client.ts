/** Client: a program that reads models from a file, and how ours looks in its own shape. */
import type { ListFormat } from '../model/list-format.js'

/** Where clients call the models. */
export interface ClientGateway {
  /** Base address of OpenAI's API, `/v1` included, without a slash at its end. */
  readonly url: string
  /** The host, by which people recognise it. */
  readonly name: string
}

export interface Client {
  /** As what the client keeps it. */
  readonly file: string
  format(gateway: ClientGateway): ListFormat
}

/** Under this id a client knows the gateway, where it asks for one. */
export const GATEWAY_ID = 'gateway'
/** The variable, on the client's machine, that holds the gateway's key. */
export const GATEWAY_KEY = 'GATEWAY_API_KEY'

export const JSON_TYPE = 'application/json; charset=utf-8'
export const YAML_TYPE = 'application/yaml; charset=utf-8'
