/** What is sent behind `Bearer`. */
import Fastify from 'fastify'
import t from 'tap'
import { TokenGuesses } from '../../../src/routes/shared/token-guesses.js'
import { requireBearer } from '../../../src/routes/shared/bearer-token.js'

t.test('a secret with blanks lets in whoever sends all of it', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  app.get(
    '/',
    { onRequest: requireBearer({ secrets: ['four words of secret'], name: 'token', guesses: new TokenGuesses() }) },
    async () => 'in',
  )
  const ask = async (authorization: string) => (await app.inject({ url: '/', headers: { authorization } })).statusCode
  t.equal(await ask('Bearer four words of secret'), 200)
  t.equal(await ask('bearer  four words of secret'), 200)
  for (const wrong of [
    'Bearer four',
    'Bearer',
    'Bearer ',
    'Basic four words of secret',
    'Bearer four words of secret!',
  ])
    t.equal(await ask(wrong), 401, wrong)
})
