/** Listens on a free port, says so, and closes on SIGTERM. */
export async function listen(app) {
  await app.listen({ port: 0, host: '127.0.0.1' })
  process.once('SIGTERM', async () => {
    await app.close()
    process.exit(0)
  })
  console.log(`listening ${app.server.address().port}`)
}
