/** The version of this package, and how it names itself to upstreams. */

// Not read from package.json, which a host that is bundled does not have; a test compares the two.
export const VERSION = '0.1.0'
/** Explicit, since some upstreams' edges refuse Node's default. */
export const USER_AGENT = `fastify-model-sync/${VERSION}`
