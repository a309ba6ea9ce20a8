/** The password of a loopback port, where a database cannot be served on a socket that only this user reaches (Windows). */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'

// @see https://www.postgresql.org/docs/18/protocol-message-formats.html (read 2026-11)
const PROTOCOL_3 = 3
const SSL_REQUEST = 80_877_103
const GSS_REQUEST = 80_877_104
const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])
const PASSWORD = 0x70
// Names and a password; who sends more is no client.
const LONGEST_BYTES = 10_000
const LONGEST_WAIT_MS = 10_000

/**
 * Asks a connection for the password, and cuts it off when it has another one.
 * @param onAdmitted called with what the database is to read first
 */
export function askPassword(socket: Socket, password: string, onAdmitted: (first: Buffer) => void): void {
  let received: Buffer = Buffer.alloc(0)
  let startup: Buffer | null = null
  socket.setTimeout(LONGEST_WAIT_MS, () => socket.destroy())
  const onData = (data: Buffer): void => {
    received = Buffer.concat([received, data])
    for (let message = next(); message !== null; message = next()) read(message)
    if (received.length > LONGEST_BYTES) socket.destroy()
  }
  /** The next whole message: of a startup its length comes first, of others their type. */
  const next = (): Buffer | null => {
    const front = startup === null ? 0 : 1
    if (socket.destroyed || received.length < front + 4) return null
    const end = front + received.readInt32BE(front)
    if (end < front + 4 || end > LONGEST_BYTES) socket.destroy()
    if (socket.destroyed || received.length < end) return null
    const message = received.subarray(0, end)
    received = received.subarray(end)
    return message
  }
  const read = (message: Buffer): void => {
    if (startup !== null) return answer(message)
    const code = message.length < 8 ? 0 : message.readInt32BE(4)
    if (code === SSL_REQUEST || code === GSS_REQUEST) return void socket.write('N')
    if (code >>> 16 !== PROTOCOL_3) return void socket.destroy()
    startup = message
    socket.write(ASK_PASSWORD)
  }
  const answer = (message: Buffer): void => {
    const given = message.subarray(5, -1).toString()
    if (message[0] !== PASSWORD || !isSame(given, password)) return void socket.end(refusal())
    socket.off('data', onData)
    socket.setTimeout(0)
    const first = Buffer.concat([startup!, received])
    received = Buffer.alloc(0)
    onAdmitted(first)
  }
  socket.on('data', onData)
}

function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}

function refusal(): Buffer {
  const fields = Buffer.from('SFATAL\0VFATAL\0C28P01\0Mthe password of the embedded database is another one\0\0')
  const header = Buffer.alloc(5)
  header.write('E')
  header.writeInt32BE(fields.length + 4, 1)
  return Buffer.concat([header, fields])
}
