/** Answers requests that reach no route, such as one whose path is malformed, as the routes below that path would. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { describeOurs } from '../routes/shared/errors.js'
import { describeForOpenai, isOpenaiPath } from '../routes/shared/openai-error.js'

/** @param prefix where the plugin's routes are mounted */
export function answerFrameworkErrors(prefix: string) {
  return (error: FastifyError, { url }: FastifyRequest, reply: FastifyReply): void => {
    const { code, statusCode = 400 } = error
    const message =
      code === 'FST_ERR_BAD_URL'
        ? 'the path holds a % that is no escape of UTF-8; write a percent sign as %25, and encode ids with encodeURIComponent()'
        : error.message
    const shaped = { statusCode, code: code.replace(/^FST_ERR_/, 'FST_MODEL_SYNC_'), message }
    const isOpenai = url.startsWith(prefix) && isOpenaiPath(url.slice(prefix.length))
    void reply.code(statusCode).send(isOpenai ? describeForOpenai(shaped) : describeOurs(shaped))
  }
}
