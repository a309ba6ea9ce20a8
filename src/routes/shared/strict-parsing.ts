/** Bodies are JSON or absent; a member or parameter that nobody knows is an error, since a misspelled dryRun would write. */
import { Ajv, type ValidateFunction } from 'ajv'
import type { FastifyInstance } from 'fastify'

/** Only JSON is read, and no body at all is fine, also with the content type set; anything else is 415. */
export function acceptJsonOnly(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers()
  const parse = fastify.getDefaultJsonParser('error', 'error')
  fastify.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (String(body).trim() === '') done(null, undefined)
    else void parse(request, String(body), done)
  })
}

const COMMON = { useDefaults: true, allErrors: false, strict: false, verbose: true } as const
const ajvs = { text: new Ajv({ ...COMMON, coerceTypes: 'array' }), json: new Ajv({ ...COMMON, coerceTypes: false }) }
/** By the schema's text and what it is for. One for the process, since compiling is most of what another instance of Fastify costs. */
const validators = new Map<string, ValidateFunction>()

/** Query and path come as text and are converted; a body is taken as it is: `"false"` is not false. */
export function validateStrictly(fastify: FastifyInstance): void {
  fastify.setValidatorCompiler(({ schema, httpPart }) => {
    const kind = httpPart === 'body' ? 'json' : 'text'
    const key = `${kind} ${JSON.stringify(schema)}`
    let validator = validators.get(key)
    if (validator === undefined) validators.set(key, (validator = ajvs[kind].compile(schema as object)))
    return validator
  })
  // Fastify's own words: a formatter of the host's knows its own validator's errors.
  fastify.setSchemaErrorFormatter(
    (errors, part) =>
      new Error(errors.map(({ instancePath, message }) => `${part}${instancePath} ${message}`).join(', ')),
  )
}
