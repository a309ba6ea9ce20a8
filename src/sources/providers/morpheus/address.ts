/** Where Morpheus' list of active models is. @see https://github.com/MorpheusAIs/Morpheus-Marketplace-API (read 2026-11) */

export const ACTIVE_MODELS_ADDRESS = 'https://active.mor.org/active_models.json'

/** The list of the development network, which that system reads when NODE_ENV is `development`. */
export const DEVELOPMENT_ADDRESS = 'https://active.dev.mor.org/active_models.json'
