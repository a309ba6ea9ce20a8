/** What the hosts of these tests ask of a caller; it answers by itself, in a shape of its own. */
export function adminOnly(request, reply, done) {
  if (request.headers.authorization === 'Bearer admin') return done()
  reply
    .code(401)
    .header('x-from', 'the host')
    .send({ error: { code: 'no_token', login: '/login' } })
}
