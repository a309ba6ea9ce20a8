/** BOOT_SIGNAL: what a server that closes while it starts tells the plugin by, since Fastify runs no hook of closing before it is ready. */

/** Of a decorator that holds an AbortSignal: ends what the start waits for. */
export const BOOT_SIGNAL = Symbol('fastify-model-sync.boot-signal')
