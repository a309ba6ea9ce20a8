/** As autoload finds it: the plugin and its options, the prefix from autoload. */
import { adminOnly } from '../admin-only.js'

export { default } from 'fastify-model-sync'

export const autoConfig = {
  litellm: { url: process.env.LITELLM_API_URL, apiKey: process.env.LITELLM_API_KEY },
  syncOnStartup: false,
  authorize: adminOnly,
  logLevel: 'warn',
}
