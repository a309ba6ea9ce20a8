/** A host in CommonJS. */
const { adminOnly } = require('./admin-only.js')
const { listen } = require('./listen.js')
const createApp = require('./recipe-1.cjs')

createApp({ adminOnly }).then(listen)
