/** AWS Bedrock: the foundation models of a region, and the inference profiles under which many of them are called. */
import { classifyModalities, classifyMode } from '../../../core/model/guess-mode.js'
import type { Mode } from '../../../core/model/model.js'
import { authorizeBedrock } from './authorization.js'
import { inferenceProfiles } from './profiles.js'
import { capabilitiesOf, dateOf, flagOf, identifyBy, isRecord, membersOf } from '../../kit/entry.js'
import { textOf, timeOf } from '../../kit/entry.js'
import { listOf, mediaOf } from '../../kit/words.js'
import { readDetails } from './details.js'
import { entriesIn } from '../../kit/listing.js'
import { bearer, type Parsed, type Source } from '../../kit/source.js'

const identify = identifyBy('modelId')

/**
 * A model that `modelLifecycle` calls LEGACY still answers, until its `endOfLifeTime`. Prices are not listed.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html (read 2026-11)
 */
export const bedrock = {
  slug: 'bedrock',
  name: 'AWS Bedrock',
  description: 'The models of many vendors on Amazon Bedrock, in one region.',
  homepage: 'https://aws.amazon.com/bedrock',
  version: 2,
  baseUrl: 'https://bedrock.us-east-1.amazonaws.com',
  addressFrom: { variables: ['AWS_REGION', 'AWS_DEFAULT_REGION'], address: addressOf },
  key: {
    variables: ['AWS_BEARER_TOKEN_BEDROCK', 'AWS_ACCESS_KEY_ID'],
    settings: ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION'],
    required: true,
    headers: bearer,
  },
  authorize: authorizeBedrock,
  listings: [
    {
      path: '/foundation-models',
      entries: entriesIn('modelSummaries'),
      identify,
      parse,
      members: {
        keep: `
          modelId modelName providerName modelFamily inputModalities outputModalities responseStreamingSupported
          customizationsSupported inferenceTypesSupported guardrailsSupported modelLifecycle{status startOfLifeTime
          endOfLifeTime} converse{maxTokensDefault maxTokensMaximum reasoningSupported{embedded} systemRoleSupported
          userDocumentTypesSupported userImageTypesSupported userVideoTypesSupported} explicitPromptCaching{isSupported}
          intelligentPromptRouting{isSupported} latencyOptimizationSupported batchSupported{baseModelSupported
          crossRegionSupported customModelSupported} featuresSupported{promptOptimization} description{shortDescription
          maxContextWindow releaseDate version modelAttributes supportedFormats supportedLanguages supportedUseCases}
        `,
        leave: `
          modelArn consoleIDEMetadata converse{additionalRequestFieldsSchema stopSequencesDefault}
          description{fullDescription invokeExample policy unsupportedUseCases}
        `,
      },
    },
    inferenceProfiles,
  ],
} satisfies Source

/** The endpoint of a region; in China they have a domain of their own. */
function addressOf(region: string): string {
  return `https://bedrock.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
}

function parse(entry: unknown): Parsed {
  const id = identify(entry)
  if (id === null || !isRecord(entry)) return { kind: 'rejected', reason: 'the entry has no modelId' }
  const [taken, given] = [entry['inputModalities'], entry['outputModalities']].map(spokenOf) as [string[], string[]]
  const [input, output] = [listOf(taken), listOf(given)]
  const lifecycle = membersOf(entry['modelLifecycle'])
  const { capabilities, releasedAt, ...details } = readDetails(entry)
  return {
    kind: 'model',
    fields: {
      name: textOf(entry['modelName']) ?? id,
      ...details,
      ownedBy: textOf(entry['providerName']),
      mode: modeOf(id, input, output),
      inputModalities: taken,
      outputModalities: Array.isArray(given) ? given.filter((medium) => medium !== 'embedding') : given,
      capabilities: capabilitiesOf({
        streaming: flagOf(entry['responseStreamingSupported']),
        vision: input.length === 0 ? null : input.includes('image'),
        ...capabilities,
      }),
      createdAt: timeOf(lifecycle['startOfLifeTime']) ?? releasedAt,
      deprecationDate: dateOf(lifecycle['endOfLifeTime']),
    },
  }
}

function spokenOf(value: unknown): string[] {
  const media: unknown = mediaOf(value)
  return (Array.isArray(media) ? media.map((word: unknown) => (word === 'speech' ? 'audio' : word)) : media) as string[]
}

// A reranker gives TEXT too, and what both hears and speaks fits none of the modes.
function modeOf(id: string, input: readonly string[], output: readonly string[]): Mode | null {
  const speaks = output.includes('audio') && output.includes('text')
  return classifyMode(id) ?? (speaks && !input.includes('text') ? null : classifyModalities(input, output))
}
