/** A plain host, to be bundled. */
import Fastify from 'fastify'
import modelSync, { optionsFromEnv } from 'fastify-model-sync'
import { adminOnly } from './admin-only.js'
import { listen } from './listen.js'

const app = Fastify()
app.register(modelSync, { ...optionsFromEnv(), authorize: [adminOnly] })
listen(app).catch(({ code, message }) => {
  console.log(code, message)
  process.exit(1)
})
