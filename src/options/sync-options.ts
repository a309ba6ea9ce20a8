/** What a sync needs, in a host as in the reference backend. */
import { Type } from 'typebox'
import { ADDRESS, ADDRESS_WITH_USER, bySlug, option, SLUG, VARIABLE } from './define-option.js'
import { guards, providerOptions, timeout } from './provider-options.js'

const MAX_INTERVAL_MINUTES = 43_200

export const syncOptions = {
  databaseUrl: option(
    'DATABASE_URL',
    Type.String({
      pattern: '^postgres(ql)?://',
      'x-expected': 'a connection string such as postgres://user:password@host:5432/database',
      description: 'PostgreSQL connection string (13 or newer); if unset, the embedded PGlite in dataDir',
    }),
  ),
  dataDir: option(
    'MODEL_SYNC_DATA_DIR',
    Type.String({
      minLength: 1,
      default: './data',
      description: 'folder of the embedded database and of the generated admin token',
    }),
  ),
  assetsDir: option(
    'MODEL_SYNC_ASSETS_DIR',
    Type.String({
      minLength: 1,
      description:
        'a copy of the package’s dist folder (migrations, settings page, embedded database), for bundled hosts; if unset, it is found beside the code or in node_modules',
    }),
  ),
  schema: option(
    'MODEL_SYNC_SCHEMA',
    Type.String({
      pattern: '^[A-Za-z_][A-Za-z0-9_]{0,62}$',
      'x-expected': 'at most 63 letters, digits and underscores, no digit first',
      default: 'model_sync',
      description: 'PostgreSQL schema for our tables',
    }),
  ),
  litellm: Type.Optional(
    Type.Object(
      {
        url: option(
          'LITELLM_API_URL',
          // No default here: the source has it, and an address that nobody set is no wish to sync. Checked where LiteLLM is synced.
          Type.String({
            implied: 'http://localhost:4000',
            description: 'address of the LiteLLM proxy, http or https, optionally with user and password',
          }),
        ),
        apiKey: option(
          'LITELLM_API_KEY',
          Type.String({
            minLength: 1,
            // The sample of .env.example. Real keys of a proxy may be as short as sk-1.
            not: { const: 'sk-...' },
            'x-expected': 'the key itself',
            description: 'a key that may read /model/info',
          }),
        ),
      },
      { additionalProperties: false, description: 'the LiteLLM proxy' },
    ),
  ),
  autoSync: option(
    'LITELLM_AUTO_SYNC',
    Type.Boolean({ description: 'true: sync at the interval; false: never, whatever else is set' }),
  ),
  syncIntervalMinutes: option(
    'LITELLM_SYNC_INTERVAL',
    Type.Integer({
      minimum: 1,
      maximum: MAX_INTERVAL_MINUTES,
      implied: '60',
      description: 'minutes between two automatic syncs',
    }),
  ),
  enabled: option(
    'MODEL_SYNC_ENABLED',
    Type.Boolean({
      description:
        'false: no startup and no interval sync; true: sync at the interval, every 24 hours unless you set one',
    }),
  ),
  syncOnStartup: option(
    'MODEL_SYNC_ON_STARTUP',
    Type.Boolean({ default: true, description: 'sync when the server starts' }),
  ),
  syncIntervalHours: option(
    'MODEL_SYNC_INTERVAL_HOURS',
    Type.Number({
      minimum: 0.001,
      maximum: MAX_INTERVAL_MINUTES / 60,
      'x-expected': `a number of hours from 0.001 (3.6 s) to ${MAX_INTERVAL_MINUTES / 60}`,
      description: 'the interval in hours instead, fractions allowed; turns auto-sync on',
    }),
  ),
  providers: option(
    'MODEL_SYNC_PROVIDERS',
    Type.Array(Type.String(SLUG), {
      minItems: 1,
      implied: 'litellm',
      description: 'providers to sync when a request names none (comma-separated; `all` for every configured one)',
    }),
  ),
  timeoutMs: option('MODEL_SYNC_TIMEOUT_MS', Type.Integer({ ...timeout, default: 15_000 })),
  maxBodyBytes: option(
    'MODEL_SYNC_MAX_BODY_BYTES',
    Type.Integer({ ...guards.maxBodyBytes, default: 64 * 1024 * 1024 }),
  ),
  maxListingBytes: option(
    'MODEL_SYNC_MAX_LISTING_BYTES',
    Type.Integer({ ...guards.maxListingBytes, default: 256 * 1024 * 1024 }),
  ),
  maxEntries: option('MODEL_SYNC_MAX_ENTRIES', Type.Integer({ ...guards.maxEntries, default: 200_000 })),
  maxValues: option('MODEL_SYNC_MAX_VALUES', Type.Integer({ ...guards.maxValues, default: 2_000_000 })),
  maxEntryBytes: option('MODEL_SYNC_MAX_ENTRY_BYTES', Type.Integer({ ...guards.maxEntryBytes, default: 64 * 1024 })),
  concurrency: option(
    'MODEL_SYNC_CONCURRENCY',
    Type.Integer({ minimum: 1, maximum: 64, default: 8, description: 'how many providers are read at the same time' }),
  ),
  maxRemovalPercent: option(
    'MODEL_SYNC_MAX_REMOVAL_PERCENT',
    Type.Number({ ...guards.maxRemovalPercent, default: 50 }),
  ),
  minRemovals: option('MODEL_SYNC_MIN_REMOVALS', Type.Integer({ ...guards.minRemovals, default: 3 })),
  maxPriceFactor: option('MODEL_SYNC_MAX_PRICE_FACTOR', Type.Number({ ...guards.maxPriceFactor, default: 10 })),
  maxRejectedPercent: option(
    'MODEL_SYNC_MAX_REJECTED_PERCENT',
    Type.Number({ ...guards.maxRejectedPercent, default: 20 }),
  ),
  missesBeforeUnavailable: option(
    'MODEL_SYNC_MISSES_BEFORE_UNAVAILABLE',
    Type.Integer({ ...guards.missesBeforeUnavailable, default: 1 }),
  ),
  maxPages: option('MODEL_SYNC_MAX_PAGES', Type.Integer({ ...guards.maxPages, default: 200 })),
  providerOptions: option(
    'MODEL_SYNC_PROVIDER_OPTIONS',
    bySlug(providerOptions, {
      description: 'limits, rules, policy and modes of single providers, by slug; as JSON',
    }),
  ),
  openaiCompatible: option(
    'MODEL_SYNC_OPENAI_COMPATIBLE',
    Type.Array(
      Type.Object(
        {
          slug: Type.String({ ...SLUG, description: 'the provider’s name in ids and options' }),
          url: Type.String({ pattern: ADDRESS_WITH_USER, description: 'where its /models is, /v1 included' }),
          keyVariable: Type.Optional(
            Type.String({ ...VARIABLE, description: 'environment variable that holds its key' }),
          ),
          apiKey: Type.Optional(Type.String({ minLength: 1, description: 'its key; a variable is the better place' })),
        },
        { additionalProperties: false },
      ),
      {
        description:
          'further endpoints with OpenAI’s GET /v1/models, such as mybox=http://box:8000/v1;key=MYBOX_KEY (comma-separated)',
      },
    ),
  ),
  priceBook: option(
    'MODEL_SYNC_PRICE_BOOK',
    Type.Boolean({
      default: true,
      description:
        'fill in unknown prices from the package @pydantic/genai-prices and from the LiteLLM proxy’s own price map',
    }),
  ),
  priceBookUrl: option(
    'MODEL_SYNC_PRICE_BOOK_URL',
    Type.String({
      pattern: ADDRESS,
      format: 'http-address',
      description: 'address of newer data for that package, read once a day; if unset, the data that came with it',
    }),
  ),
  modelsDevUrl: option(
    'MODEL_SYNC_MODELS_DEV_URL',
    Type.String({
      pattern: ADDRESS,
      format: 'http-address',
      description: 'address of one more price book, in the shape of models.dev’s api.json, read once a day',
    }),
  ),
  staleDays: option(
    'MODEL_SYNC_STALE_DAYS',
    Type.Number({
      minimum: 0,
      maximum: 3650,
      default: 30,
      description: '`needsSync` turns true this many days after the last successful sync',
    }),
  ),
}
