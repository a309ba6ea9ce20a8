/** Packages that only some hosts need: optional peers of this one, asked for by name when a part that needs them is used. */
import { MissingPackageError } from './errors.js'

/** As npm takes them. The socket serves exactly one version of PGlite; of the others, any version of the range in package.json does. */
export const OPTIONAL_PACKAGES = {
  '@electric-sql/pglite': '@electric-sql/pglite@0.5.14',
  '@electric-sql/pglite-socket': '@electric-sql/pglite-socket@0.2.17',
  '@fastify/swagger': '@fastify/swagger@9',
  '@fastify/swagger-ui': '@fastify/swagger-ui@6',
  '@smithy/signature-v4': '@smithy/signature-v4@5',
  'google-auth-library': 'google-auth-library@10',
  nodemailer: 'nodemailer@10',
} as const

export interface OptionalPart {
  /** The subject of the message's sentence: "The embedded database". */
  part: string
  packages: readonly (keyof typeof OPTIONAL_PACKAGES)[]
  /** What does without them, in the imperative. */
  instead?: string
}

/**
 * Loads a part that needs optional packages.
 * @throws MissingPackageError when one of them is not installed; else whatever loading throws
 */
export async function loadOptional<T>(part: OptionalPart, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    throw missingPackage(part, error) ?? error
  }
}

/** For the `import()` of an optional package: without a `catch` of its own a bundler refuses a host that has not installed it. */
export function rethrow(error: unknown): never {
  throw error
}

/** The error to throw in place of `error`, or `null` where that says something else than that one of the packages is missing. */
export function missingPackage({ part, packages, instead }: OptionalPart, error: unknown): Error | null {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') return null
  // Which module it is, Node says in words alone.
  if (!packages.some((name) => message.includes(`'${name}'`))) return null
  const [names, verb] = packages.length === 1 ? [packages[0], 'is'] : [packages.join(' and '), 'are']
  const install = `npm install ${packages.map((name) => OPTIONAL_PACKAGES[name]).join(' ')}`
  return new MissingPackageError(
    `${part} needs ${names}, which ${verb} not installed. Run ${install}${instead === undefined ? '' : `, or ${instead}`}`,
    { cause: error },
  )
}
