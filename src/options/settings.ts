/** The options as a host passes them. Written by `npm run options` from the schema: change that, not this. */

export interface SyncSettingsInput {
  /** PostgreSQL connection string (13 or newer); if unset, the embedded PGlite in dataDir. Variable `DATABASE_URL`. */
  databaseUrl?: string | undefined
  /** Folder of the embedded database and of the generated admin token. Default "./data". Variable `MODEL_SYNC_DATA_DIR`. */
  dataDir?: string | undefined
  /** A copy of the package’s dist folder (migrations, settings page, embedded database), for bundled hosts; if unset, it is found beside the code or in node_modules. Variable `MODEL_SYNC_ASSETS_DIR`. */
  assetsDir?: string | undefined
  /** PostgreSQL schema for our tables. Default "model_sync". Variable `MODEL_SYNC_SCHEMA`. */
  schema?: string | undefined
  /** The LiteLLM proxy. */
  litellm?:
    | {
        /** Address of the LiteLLM proxy, http or https, optionally with user and password. Variable `LITELLM_API_URL`. */
        url?: string | undefined
        /** A key that may read /model/info. Variable `LITELLM_API_KEY`. */
        apiKey?: string | undefined
      }
    | undefined
  /** True: sync at the interval; false: never, whatever else is set. Variable `LITELLM_AUTO_SYNC`. */
  autoSync?: boolean | undefined
  /** Minutes between two automatic syncs. From 1 to 43200. Variable `LITELLM_SYNC_INTERVAL`. */
  syncIntervalMinutes?: number | undefined
  /** False: no startup and no interval sync; true: sync at the interval, every 24 hours unless you set one. Variable `MODEL_SYNC_ENABLED`. */
  enabled?: boolean | undefined
  /** Sync when the server starts. Default true. Variable `MODEL_SYNC_ON_STARTUP`. */
  syncOnStartup?: boolean | undefined
  /** The interval in hours instead, fractions allowed; turns auto-sync on. From 0.001 to 720. Variable `MODEL_SYNC_INTERVAL_HOURS`. */
  syncIntervalHours?: number | undefined
  /** Providers to sync when a request names none (comma-separated; `all` for every configured one). Variable `MODEL_SYNC_PROVIDERS`. */
  providers?: readonly string[] | undefined
  /** How long a request may take to connect, to send its headers, and for each pause in its body, in ms. From 100 to 600000. Default 15000. Variable `MODEL_SYNC_TIMEOUT_MS`. */
  timeoutMs?: number | undefined
  /** Largest size of one answer after decompression, in bytes; the provider fails beyond it. From 1024 to 1073741824. Default 67108864. Variable `MODEL_SYNC_MAX_BODY_BYTES`. */
  maxBodyBytes?: number | undefined
  /** Largest size of all pages of one list after decompression, in bytes; the provider fails beyond it. From 1024 to 8589934592. Default 268435456. Variable `MODEL_SYNC_MAX_LISTING_BYTES`. */
  maxListingBytes?: number | undefined
  /** Largest number of entries in one list, all pages together; the provider fails beyond it. From 1 to 10000000. Default 200000. Variable `MODEL_SYNC_MAX_ENTRIES`. */
  maxEntries?: number | undefined
  /** Largest number of objects, lists and commas in one answer; the provider fails before more are parsed. From 1000 to 100000000. Default 2000000. Variable `MODEL_SYNC_MAX_VALUES`. */
  maxValues?: number | undefined
  /** How many bytes of one upstream entry are kept; longer texts and lists in it are cut. From 1024 to 1048576. Default 65536. Variable `MODEL_SYNC_MAX_ENTRY_BYTES`. */
  maxEntryBytes?: number | undefined
  /** How many providers are read at the same time. From 1 to 64. Default 8. Variable `MODEL_SYNC_CONCURRENCY`. */
  concurrency?: number | undefined
  /** Percent of a provider’s models that may become unavailable within 24 hours; more removals are held. From 0 to 100. Default 50. Variable `MODEL_SYNC_MAX_REMOVAL_PERCENT`. */
  maxRemovalPercent?: number | undefined
  /** Fewer removals than this in one sync are never held as a mass removal. From 1 to 1000000. Default 3. Variable `MODEL_SYNC_MIN_REMOVALS`. */
  minRemovals?: number | undefined
  /** A token price that rises or falls by this factor or more is held. Above 1, to 1000000000000. Default 10. Variable `MODEL_SYNC_MAX_PRICE_FACTOR`. */
  maxPriceFactor?: number | undefined
  /** The provider fails if more than this percent of its entries are malformed. From 0 to 100. Default 20. Variable `MODEL_SYNC_MAX_REJECTED_PERCENT`. */
  maxRejectedPercent?: number | undefined
  /** A model becomes unavailable once this many complete lists in a row lack it. From 1 to 100. Default 1. Variable `MODEL_SYNC_MISSES_BEFORE_UNAVAILABLE`. */
  missesBeforeUnavailable?: number | undefined
  /** Largest number of pages in one list; the provider fails beyond it. From 1 to 100000. Default 200. Variable `MODEL_SYNC_MAX_PAGES`. */
  maxPages?: number | undefined
  /** Limits, rules, policy and modes of single providers, by slug; as JSON. Variable `MODEL_SYNC_PROVIDER_OPTIONS`. */
  providerOptions?:
    | Record<
        string,
        {
          /** Percent of a provider’s models that may become unavailable within 24 hours; more removals are held. From 0 to 100. */
          maxRemovalPercent?: number | undefined
          /** Fewer removals than this in one sync are never held as a mass removal. From 1 to 1000000. */
          minRemovals?: number | undefined
          /** A token price that rises or falls by this factor or more is held. Above 1, to 1000000000000. */
          maxPriceFactor?: number | undefined
          /** The provider fails if more than this percent of its entries are malformed. From 0 to 100. */
          maxRejectedPercent?: number | undefined
          /** A model becomes unavailable once this many complete lists in a row lack it. From 1 to 100. */
          missesBeforeUnavailable?: number | undefined
          /** Largest number of pages in one list; the provider fails beyond it. From 1 to 100000. */
          maxPages?: number | undefined
          /** Largest size of one answer after decompression, in bytes; the provider fails beyond it. From 1024 to 1073741824. */
          maxBodyBytes?: number | undefined
          /** Largest size of all pages of one list after decompression, in bytes; the provider fails beyond it. From 1024 to 8589934592. */
          maxListingBytes?: number | undefined
          /** Largest number of entries in one list, all pages together; the provider fails beyond it. From 1 to 10000000. */
          maxEntries?: number | undefined
          /** Largest number of objects, lists and commas in one answer; the provider fails before more are parsed. From 1000 to 100000000. */
          maxValues?: number | undefined
          /** How many bytes of one upstream entry are kept; longer texts and lists in it are cut. From 1024 to 1048576. */
          maxEntryBytes?: number | undefined
          /** How long a request may take to connect, to send its headers, and for each pause in its body, in ms. From 100 to 600000. */
          timeoutMs?: number | undefined
          /** Ids, globs (openai/*) or /regular expressions/; exclude wins over include. */
          include?: readonly string[] | undefined
          /** Ids, globs (openai/*) or /regular expressions/; exclude wins over include. */
          exclude?: readonly string[] | undefined
          /** Sync: follow the list; upsert-only: nothing becomes unavailable; create-only: existing models stay as they are. */
          policy?: 'sync' | 'upsert-only' | 'create-only' | undefined
          /** The provider’s key; prefer its own variable. */
          apiKey?: string | undefined
          /** Replaces scheme, host and port of the provider’s address; may have a path in front. */
          baseUrl?: string | undefined
          /** The same, if baseUrl is not set; does not make `all` sync the provider. */
          defaultBaseUrl?: string | undefined
          /** Headers for each of its requests, for a gateway in front: an object, or lines "Name: value". */
          headers?: Record<string, string> | string | undefined
          /** Certificates for its connections, in place of those for all. */
          tls?:
            | {
                /** PEM file of a client certificate, for providers that ask for one. */
                cert?: string | undefined
                /** PEM file of its key; if unset, the certificate’s file holds it. */
                key?: string | undefined
                /** PEM file of certificate authorities to trust beside the usual ones. */
                ca?: string | undefined
                /** Passphrase of the key, if it is encrypted. */
                keyPassphrase?: string | undefined
              }
            | undefined
          /** Further parts of the credential beside the key, by the name of their variable. */
          keySettings?: Record<string, string> | undefined
          /** Sync only models of these modes; `unknown` stands for models whose mode nobody states. */
          modes?:
            | readonly (
                | 'chat'
                | 'completion'
                | 'responses'
                | 'embedding'
                | 'image_generation'
                | 'video_generation'
                | 'audio_transcription'
                | 'audio_speech'
                | 'moderation'
                | 'rerank'
                | 'realtime'
                | 'ocr'
                | 'image_edit'
                | 'search'
                | 'evaluation'
                | 'extraction'
                | 'guardrail'
                | 'vector_store'
                | 'decisions'
                | 'router'
                | 'unknown'
              )[]
            | undefined
        }
      >
    | undefined
  /** Further endpoints with OpenAI’s GET /v1/models, such as mybox=http://box:8000/v1;key=MYBOX_KEY (comma-separated). Variable `MODEL_SYNC_OPENAI_COMPATIBLE`. */
  openaiCompatible?:
    | readonly {
        /** The provider’s name in ids and options. */
        slug: string
        /** Where its /models is, /v1 included. */
        url: string
        /** Environment variable that holds its key. */
        keyVariable?: string | undefined
        /** Its key; a variable is the better place. */
        apiKey?: string | undefined
      }[]
    | undefined
  /** Fill in unknown prices from the package @pydantic/genai-prices and from the LiteLLM proxy’s own price map. Default true. Variable `MODEL_SYNC_PRICE_BOOK`. */
  priceBook?: boolean | undefined
  /** Address of newer data for that package, read once a day; if unset, the data that came with it. Variable `MODEL_SYNC_PRICE_BOOK_URL`. */
  priceBookUrl?: string | undefined
  /** Address of one more price book, in the shape of models.dev’s api.json, read once a day. Variable `MODEL_SYNC_MODELS_DEV_URL`. */
  modelsDevUrl?: string | undefined
  /** `needsSync` turns true this many days after the last successful sync. From 0 to 3650. Default 30. Variable `MODEL_SYNC_STALE_DAYS`. */
  staleDays?: number | undefined
  /** Largest number of database connections; syncs and edits leave one or two of them to reads (a host’s own pool and the embedded database keep their size). From 2 to 500. Default 10. Variable `MODEL_SYNC_POOL_SIZE`. */
  poolSize?: number | undefined
  /** How long a request waits for the database before it gets a 503, in ms; the embedded database has the time of a sync. From 100 to 3600000. Default 5000. Variable `MODEL_SYNC_READ_TIMEOUT_MS`. */
  readTimeoutMs?: number | undefined
  /** How long each statement of a sync or an edit waits for the database, in ms; migrations take as long as they take. From 100 to 3600000. Default 60000. Variable `MODEL_SYNC_STATEMENT_TIMEOUT_MS`. */
  statementTimeoutMs?: number | undefined
  /** A sync is ended after this many minutes; fractions are allowed. From 0.01 to 1440. Default 30. Variable `MODEL_SYNC_MAX_RUN_MINUTES`. */
  maxRunMinutes?: number | undefined
  /** How many days a run that changed nothing stays in the history; other runs stay for ever. From 1 to 36500. Default 90. Variable `MODEL_SYNC_HISTORY_DAYS`. */
  historyDays?: number | undefined
  /** Name of this process in the history; if unset, its host name and process id. At most 200 characters. Variable `MODEL_SYNC_REPLICA`. */
  replica?: string | undefined
  /** Seconds until another replica takes over the work of one that went silent. From 1 to 600. Default 30. Variable `MODEL_SYNC_LEASE_SECONDS`. */
  leaseSeconds?: number | undefined
  /** Public address of the routes, prefix included, for links in the feed; if unset, that of the request. Variable `MODEL_SYNC_PUBLIC_URL`. */
  publicUrl?: string | undefined
  /** A models.json that every sync updates from the provider morpheus; its folder must exist. Variable `MODELS_JSON_PATH`. */
  modelsJsonPath?: string | undefined
  /** Bearer secret of the cron route; if unset, the route is off. At least 16 characters. Variable `CRON_SECRET`. */
  cronSecret?: string | undefined
  /** Subscriptions to changes by webhook, Slack or e-mail, each under a name of your choice; as JSON. Variable `MODEL_SYNC_NEWS`. */
  news?:
    | Record<
        string,
        {
          /** How messages are sent. */
          type: 'webhook' | 'slack' | 'email'
          /** Address of the webhook, for `webhook` and `slack`. */
          url?: string | undefined
          /** Signs messages to a webhook: whsec_ and base64 of 24 to 64 bytes. */
          secret?: string | undefined
          /** Recipients of an e-mail. */
          to?: readonly string[] | undefined
          /** Slugs: only news of these providers; if unset, of all. */
          providers?: readonly string[] | undefined
          /** Only news of these kinds; if unset, all. */
          kinds?:
            | readonly (
                | 'added'
                | 'updated'
                | 'unavailable'
                | 'restored'
                | 'renamed'
                | 'deleted'
                | 'deprecation'
                | 'doubt'
                | 'failure'
                | 'drift'
              )[]
            | undefined
          /** Public ids, globs (openrouter/*) or /regular expressions/. */
          models?: readonly string[] | undefined
        }
      >
    | undefined
  /** A Slack-compatible incoming webhook that gets all news. Variable `MODEL_SYNC_NEWS_SLACK_URL`. */
  newsSlackUrl?: string | undefined
  /** Allow webhooks to private, loopback and link-local addresses. Default false. Variable `MODEL_SYNC_NEWS_ALLOW_PRIVATE`. */
  newsAllowPrivateTargets?: boolean | undefined
  /** Mail server for news by e-mail, such as smtp://user:password@host:587; needs the package nodemailer. Variable `MODEL_SYNC_SMTP_URL`. */
  smtpUrl?: string | undefined
  /** Sender of news by e-mail. Variable `MODEL_SYNC_NEWS_FROM`. */
  newsFrom?: string | undefined
  /** Encrypts the keys of users: base64 of 32 bytes; of several with commas, the first encrypts and all decrypt; if unset, no key can be saved. Variable `MODEL_SYNC_ENCRYPTION_KEY`. */
  encryptionKey?: string | undefined
  /** Address at which clients call the models, /v1 included, for GET /clients/<name>, whose ids are then those of GET /v1/models; unset: the LiteLLM proxy’s, with its own models and ids. Variable `MODEL_SYNC_GATEWAY_URL`. */
  gatewayUrl?: string | undefined
  /** Ids in GET /v1/models; public: litellm/gpt-4o; provider: gpt-4o, as the provider or the proxy knows it. Default "public". Variable `MODEL_SYNC_OPENAI_IDS`. */
  openaiIds?: 'public' | 'provider' | undefined
  /** Let administrators send the smallest chat request to a model, which costs a few tokens. Default false. Variable `MODEL_SYNC_PROBE`. */
  probe?: boolean | undefined
  /** Largest number of probes a day (UTC), across all replicas. From 1 to 1000000. Default 50. Variable `MODEL_SYNC_PROBE_BUDGET`. */
  probeBudget?: number | undefined
  /** Probe the models that a sync added, after the sync and within the budget. Default false. Variable `MODEL_SYNC_PROBE_NEW`. */
  probeNew?: boolean | undefined
  /** Forward proxy for every request, such as http://host:port; `none` ignores the other proxy variables. Variable `MODEL_SYNC_PROXY`. */
  proxy?: string | undefined
  /** Send requests to loopback and literal private addresses through the proxy too. Default false. Variable `MODEL_SYNC_PROXY_PRIVATE`. */
  proxyPrivate?: boolean | undefined
  /** Forward proxy for requests to http addresses. Variable `HTTP_PROXY`. */
  httpProxy?: string | undefined
  /** Forward proxy for requests to https addresses; if unset, HTTP_PROXY. Variable `HTTPS_PROXY`. */
  httpsProxy?: string | undefined
  /** Hosts with their subdomains, addresses and networks that are reached without a proxy; * for all. Variable `NO_PROXY`. */
  noProxy?: string | undefined
  /** Default model for chat requests that name no model or an unknown one: a name or a public id; if unset, mistral-31-24b of morpheus where morpheus is synced, else none. Variable `DEFAULT_FALLBACK_MODEL`. */
  fallbackModel?: string | undefined
  /** Default model for embedding requests that name no model or an unknown one: a name or a public id; if unset, text-embedding-bge-m3 of morpheus where morpheus is synced, else none. Variable `DEFAULT_FALLBACK_EMBEDDINGS_MODEL`. */
  fallbackEmbeddingsModel?: string | undefined
  /** Default model for speech requests that name no model or an unknown one: a name or a public id; if unset, tts-kokoro of morpheus where morpheus is synced, else none. Variable `DEFAULT_FALLBACK_TTS_MODEL`. */
  fallbackTtsModel?: string | undefined
  /** Default model for transcription requests that name no model or an unknown one: a name or a public id; if unset, whisper-1 of morpheus where morpheus is synced, else none. Variable `DEFAULT_FALLBACK_STT_MODEL`. */
  fallbackSttModel?: string | undefined
  /** Direct mode only: how many seconds its list of models is used before it is fetched again. From 1 to 86400. Default 300. Variable `MODEL_CACHE_TTL_SECONDS`. */
  cacheTtlSeconds?: number | undefined
  /** When a request names an unknown model, sync the providers that could own it, at most every 5 minutes. Default false. Variable `MODEL_SYNC_REACTIVE`. */
  reactiveSync?: boolean | undefined
  /** Adapt each provider’s interval to how often its models change, between an hour and a day. Default false. Variable `MODEL_SYNC_ADAPTIVE`. */
  adaptive?: boolean | undefined
  /** Secret that signs messages to the sync webhook, base64 of 24 to 64 bytes; if unset, the route is off. Variable `MODEL_SYNC_WEBHOOK_SECRET`. */
  webhookSecret?: string | undefined
  /** Certificates for TLS connections. */
  tls?:
    | {
        /** PEM file of a client certificate, for providers that ask for one. Variable `MODEL_SYNC_TLS_CERT`. */
        cert?: string | undefined
        /** PEM file of its key; if unset, the certificate’s file holds it. Variable `MODEL_SYNC_TLS_KEY`. */
        key?: string | undefined
        /** PEM file of certificate authorities to trust beside the usual ones. Variable `MODEL_SYNC_TLS_CA`. */
        ca?: string | undefined
        /** Passphrase of the key, if it is encrypted. Variable `MODEL_SYNC_TLS_KEY_PASSPHRASE`. */
        keyPassphrase?: string | undefined
      }
    | undefined
  /** Path below the prefix that answers 200 while the process lives, for orchestrators; unset: none. Variable `MODEL_SYNC_LIVENESS_PATH`. */
  livenessPath?: string | undefined
  /** Path below the prefix that answers 200 while the catalogue can be read, else 503; unset: none. Variable `MODEL_SYNC_READINESS_PATH`. */
  readinessPath?: string | undefined
  /** Host names that the server answers for, .example.com with all subdomains; loopback and the host of MODEL_SYNC_PUBLIC_URL always count, any other host gets 421; if unset, any host. Variable `MODEL_SYNC_ALLOWED_HOSTS`. */
  allowedHosts?: readonly string[] | undefined
  /** HTTP status of a failed sync, for callers that look at nothing else, such as curl -f; the body stays the same. Default 200. Variable `MODEL_SYNC_FAILED_SYNC_STATUS`. */
  failedSyncStatus?: 200 | 409 | 422 | 424 | 500 | 502 | 503 | 504 | undefined
}

/** What the reference backend takes beside them. */
export interface ServerSettingsInput extends SyncSettingsInput {
  /** Address to listen on. Default "127.0.0.1". Variable `HOST`. */
  host?: string | undefined
  /** Port to listen on; 0 for any free one. From 0 to 65535. Default 8081. Variable `PORT`. */
  port?: number | undefined
  /** Path in front of all routes, such as /api/v1. Default none. Variable `MODEL_SYNC_PREFIX`. */
  prefix?: string | undefined
  /** Proxies in front whose X-Forwarded-For we trust: how many, or a list of addresses and ranges; limits by address need it. Variable `MODEL_SYNC_TRUST_PROXY`. */
  trustProxy?: string | undefined
  /** Serve the API documentation at /docs. Default true. Variable `MODEL_SYNC_DOCS`. */
  docs?: boolean | undefined
  /** Bearer token for writes; if unset, the first start generates one. At least 16 characters. Variable `ADMIN_TOKEN`. */
  adminToken?: string | undefined
  /** Bearer tokens of several administrators by name (alice:…,bob:…), so the changelog says who; no token is generated then. Variable `ADMIN_TOKENS`. */
  adminTokens?: readonly string[] | undefined
  /** Bearer tokens for reads by name; if set, reads need one of these or an admin token. Variable `READ_TOKENS`. */
  readTokens?: readonly string[] | undefined
  /** Writes from one address in a minute; 0 for no limit. From 0 to 1000000. Default 300. Variable `MODEL_SYNC_RATE_LIMIT_WRITES`. */
  rateLimitWrites?: number | undefined
  /** Requests to resolve names from one address in a minute; 0 for no limit. From 0 to 1000000. Default 600. Variable `MODEL_SYNC_RATE_LIMIT_RESOLVE`. */
  rateLimitResolve?: number | undefined
  /** Exports from one address in a minute (pages of over 100 rows, feeds, whole lists); 0 for no limit. From 0 to 1000000. Default 300. Variable `MODEL_SYNC_RATE_LIMIT_EXPORTS`. */
  rateLimitExports?: number | undefined
  /** Pino’s log level, in any case. Default "info". Variable `LOG_LEVEL`. */
  logLevel?: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent' | undefined
}

/** What a host has passed, with the defaults. */
export type SyncSettings = SyncSettingsInput &
  Required<
    Pick<
      SyncSettingsInput,
      | 'dataDir'
      | 'schema'
      | 'syncOnStartup'
      | 'timeoutMs'
      | 'maxBodyBytes'
      | 'maxListingBytes'
      | 'maxEntries'
      | 'maxValues'
      | 'maxEntryBytes'
      | 'concurrency'
      | 'maxRemovalPercent'
      | 'minRemovals'
      | 'maxPriceFactor'
      | 'maxRejectedPercent'
      | 'missesBeforeUnavailable'
      | 'maxPages'
      | 'priceBook'
      | 'staleDays'
      | 'poolSize'
      | 'readTimeoutMs'
      | 'statementTimeoutMs'
      | 'maxRunMinutes'
      | 'historyDays'
      | 'leaseSeconds'
      | 'newsAllowPrivateTargets'
      | 'openaiIds'
      | 'probe'
      | 'probeBudget'
      | 'probeNew'
      | 'proxyPrivate'
      | 'cacheTtlSeconds'
      | 'reactiveSync'
      | 'adaptive'
      | 'failedSyncStatus'
    >
  >

/** As {@link SyncSettings}, for the reference backend. */
export type ServerSettings = ServerSettingsInput &
  SyncSettings &
  Required<
    Pick<
      ServerSettingsInput,
      'host' | 'port' | 'prefix' | 'docs' | 'rateLimitWrites' | 'rateLimitResolve' | 'rateLimitExports' | 'logLevel'
    >
  >
