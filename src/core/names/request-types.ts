/** The types of requests that a name is looked up for. */
export const REQUEST_TYPES = ['chat', 'embedding', 'speech', 'transcription'] as const
export type RequestType = (typeof REQUEST_TYPES)[number]
