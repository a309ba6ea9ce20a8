/** The options as a host passes them. Written by `npm run options` from the schema: change that, not this. */

export interface SyncSettingsInput {
  /** PostgreSQL connection string; unset: the embedded PGlite in dataDir. Variable `DATABASE_URL`. */
  databaseUrl?: string | undefined
  /** Where the embedded database and the generated admin token live. Default "./data". Variable `MODEL_SYNC_DATA_DIR`. */
  dataDir?: string | undefined
  /** A copy of the package’s dist folder (migrations, settings page, embedded database), for hosts that are bundled; unset: beside the code, or in node_modules. Variable `MODEL_SYNC_ASSETS_DIR`. */
  assetsDir?: string | undefined
  /** PostgreSQL schema for our tables. Default "model_sync". Variable `MODEL_SYNC_SCHEMA`. */
  schema?: string | undefined
  /** The LiteLLM proxy. */
  litellm?:
    | {
        /** The LiteLLM proxy, an http(s) address, perhaps with user and password; http://localhost:4000 unless set. Variable `LITELLM_API_URL`. */
        url?: string | undefined
        /** A key that may read /model/info. Variable `LITELLM_API_KEY`. */
        apiKey?: string | undefined
      }
    | undefined
  /** Interval auto-sync on; false turns it off whatever else is set. Variable `LITELLM_AUTO_SYNC`. */
  autoSync?: boolean | undefined
  /** Between two automatic syncs, whole minutes; 60 unless set. From 1 to 43200. Variable `LITELLM_SYNC_INTERVAL`. */
  syncIntervalMinutes?: number | undefined
  /** False: no startup and no interval sync; true: interval auto-sync, every 24 hours unless an interval is set. Variable `MODEL_SYNC_ENABLED`. */
  enabled?: boolean | undefined
  /** Sync when the server starts. Default true. Variable `MODEL_SYNC_ON_STARTUP`. */
  syncOnStartup?: boolean | undefined
  /** The interval in hours, fractions allowed; turns auto-sync on. From 0.001 to 720. Variable `MODEL_SYNC_INTERVAL_HOURS`. */
  syncIntervalHours?: number | undefined
  /** Slugs of the providers that a sync takes which names none; "all". Variable `MODEL_SYNC_PROVIDERS`. */
  providers?: readonly string[] | undefined
  /** Per upstream request, milliseconds. From 100 to 600000. Default 15000. Variable `MODEL_SYNC_TIMEOUT_MS`. */
  timeoutMs?: number | undefined
  /** Bytes of one upstream answer after decompression; a larger one fails the provider. From 1024 to 1073741824. Default 67108864. Variable `MODEL_SYNC_MAX_BODY_BYTES`. */
  maxBodyBytes?: number | undefined
  /** Bytes of all pages of one listing after decompression; more fail the provider. From 1024 to 8589934592. Default 268435456. Variable `MODEL_SYNC_MAX_LISTING_BYTES`. */
  maxListingBytes?: number | undefined
  /** Entries of one listing, all its pages together; more fail the provider. From 1 to 10000000. Default 200000. Variable `MODEL_SYNC_MAX_ENTRIES`. */
  maxEntries?: number | undefined
  /** Objects, lists and commas of one answer; more fail the provider before they are parsed. From 1000 to 100000000. Default 2000000. Variable `MODEL_SYNC_MAX_VALUES`. */
  maxValues?: number | undefined
  /** Bytes that are kept of one upstream entry; longer texts and lists in it are cut. From 1024 to 1048576. Default 65536. Variable `MODEL_SYNC_MAX_ENTRY_BYTES`. */
  maxEntryBytes?: number | undefined
  /** Providers at once. From 1 to 64. Default 8. Variable `MODEL_SYNC_CONCURRENCY`. */
  concurrency?: number | undefined
  /** Percent of a provider’s models that may become unavailable before the removals are held. From 0 to 100. Default 50. Variable `MODEL_SYNC_MAX_REMOVAL_PERCENT`. */
  maxRemovalPercent?: number | undefined
  /** Removals in one run below which nothing is a mass removal. From 1 to 1000000. Default 3. Variable `MODEL_SYNC_MIN_REMOVALS`. */
  minRemovals?: number | undefined
  /** A token price that grows or shrinks by this factor or more is held. Above 1, to 1000000000000. Default 10. Variable `MODEL_SYNC_MAX_PRICE_FACTOR`. */
  maxPriceFactor?: number | undefined
  /** Percent of malformed entries in an answer above which the provider fails. From 0 to 100. Default 20. Variable `MODEL_SYNC_MAX_REJECTED_PERCENT`. */
  maxRejectedPercent?: number | undefined
  /** Healthy listings in a row that must lack a model before it is unavailable. From 1 to 100. Default 1. Variable `MODEL_SYNC_MISSES_BEFORE_UNAVAILABLE`. */
  missesBeforeUnavailable?: number | undefined
  /** Pages of one listing; more fail the provider. From 1 to 100000. Default 200. Variable `MODEL_SYNC_MAX_PAGES`. */
  maxPages?: number | undefined
  /** By slug: guards, rules, policy and modes of one provider, as JSON. Variable `MODEL_SYNC_PROVIDER_OPTIONS`. */
  providerOptions?:
    | Record<
        string,
        {
          /** Percent of a provider’s models that may become unavailable before the removals are held. From 0 to 100. */
          maxRemovalPercent?: number | undefined
          /** Removals in one run below which nothing is a mass removal. From 1 to 1000000. */
          minRemovals?: number | undefined
          /** A token price that grows or shrinks by this factor or more is held. Above 1, to 1000000000000. */
          maxPriceFactor?: number | undefined
          /** Percent of malformed entries in an answer above which the provider fails. From 0 to 100. */
          maxRejectedPercent?: number | undefined
          /** Healthy listings in a row that must lack a model before it is unavailable. From 1 to 100. */
          missesBeforeUnavailable?: number | undefined
          /** Pages of one listing; more fail the provider. From 1 to 100000. */
          maxPages?: number | undefined
          /** Bytes of one upstream answer after decompression; a larger one fails the provider. From 1024 to 1073741824. */
          maxBodyBytes?: number | undefined
          /** Bytes of all pages of one listing after decompression; more fail the provider. From 1024 to 8589934592. */
          maxListingBytes?: number | undefined
          /** Entries of one listing, all its pages together; more fail the provider. From 1 to 10000000. */
          maxEntries?: number | undefined
          /** Objects, lists and commas of one answer; more fail the provider before they are parsed. From 1000 to 100000000. */
          maxValues?: number | undefined
          /** Bytes that are kept of one upstream entry; longer texts and lists in it are cut. From 1024 to 1048576. */
          maxEntryBytes?: number | undefined
          /** Per upstream request, milliseconds. From 100 to 600000. */
          timeoutMs?: number | undefined
          /** Ids, globs (openai/*) or /regular expressions/. */
          include?: readonly string[] | undefined
          /** Ids, globs (openai/*) or /regular expressions/. */
          exclude?: readonly string[] | undefined
          /** What a sync does with its models; upsert-only: nothing becomes unavailable; create-only: what is there stays as it is. */
          policy?: 'sync' | 'upsert-only' | 'create-only' | undefined
          /** Its own variable is the better place. */
          apiKey?: string | undefined
          /** Scheme, host, port and perhaps a path in front, instead of the provider’s own. */
          baseUrl?: string | undefined
          /** The same while baseUrl is not set; no wish to sync the provider. */
          defaultBaseUrl?: string | undefined
          /** Sent with each of its requests, for a gateway in front: by name, or "Name: value" lines. */
          headers?: Record<string, string> | string | undefined
          /** Certificates for its connections, in place of those for all. */
          tls?:
            | {
                /** PEM file of a client certificate, shown to providers that ask for one. */
                cert?: string | undefined
                /** PEM file of its key; unset: it is in the certificate’s file. */
                key?: string | undefined
                /** PEM file of authorities that are trusted beside the usual ones. */
                ca?: string | undefined
                /** Passphrase of the key, where it is encrypted. */
                keyPassphrase?: string | undefined
              }
            | undefined
          /** What the credential needs beside the key, by the name of its variable. */
          keySettings?: Record<string, string> | undefined
          /** Only models of these modes; `unknown`: those of which nobody states one. */
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
  /** Further endpoints with OpenAI’s GET /v1/models: mybox=http://box:8000/v1;key=MYBOX_KEY, more behind commas. Variable `MODEL_SYNC_OPENAI_COMPATIBLE`. */
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
  /** Fill unknown prices from the package @pydantic/genai-prices and from the LiteLLM proxy’s own map of prices. Default true. Variable `MODEL_SYNC_PRICE_BOOK`. */
  priceBook?: boolean | undefined
  /** Newer data for that package, read once a day; unset: the data that came with it. Variable `MODEL_SYNC_PRICE_BOOK_URL`. */
  priceBookUrl?: string | undefined
  /** One more price book, in the shape of models.dev’s api.json, read once a day; unset: none. Variable `MODEL_SYNC_MODELS_DEV_URL`. */
  modelsDevUrl?: string | undefined
  /** Days after the last successful sync from which a sync is recommended. From 0 to 3650. Default 30. Variable `MODEL_SYNC_STALE_DAYS`. */
  staleDays?: number | undefined
  /** Connections to the database at most; syncs and edits leave one or two of them to reads (a host’s own pool and the embedded database keep their size). From 2 to 500. Default 10. Variable `MODEL_SYNC_POOL_SIZE`. */
  poolSize?: number | undefined
  /** How long a request waits for an answer of the database, ms; the embedded one has the time of a sync. From 100 to 3600000. Default 5000. Variable `MODEL_SYNC_READ_TIMEOUT_MS`. */
  readTimeoutMs?: number | undefined
  /** How long a sync or an edit waits for an answer of the database, ms; migrations wait as long as they take. From 100 to 3600000. Default 60000. Variable `MODEL_SYNC_STATEMENT_TIMEOUT_MS`. */
  statementTimeoutMs?: number | undefined
  /** Minutes after which a sync is ended, fractions allowed. From 0.01 to 1440. Default 30. Variable `MODEL_SYNC_MAX_RUN_MINUTES`. */
  maxRunMinutes?: number | undefined
  /** Days that a run which changed nothing stays in the history; others stay for ever. From 1 to 36500. Default 90. Variable `MODEL_SYNC_HISTORY_DAYS`. */
  historyDays?: number | undefined
  /** How runs name this process; unset: its host name and process id. At most 200 characters. Variable `MODEL_SYNC_REPLICA`. */
  replica?: string | undefined
  /** Seconds after which another replica takes over what a silent one was at work on. From 1 to 600. Default 30. Variable `MODEL_SYNC_LEASE_SECONDS`. */
  leaseSeconds?: number | undefined
  /** Address under which the routes are reached, prefix included, for links in the feed; unset: the request’s. Variable `MODEL_SYNC_PUBLIC_URL`. */
  publicUrl?: string | undefined
  /** A models.json that every sync keeps in step with the provider morpheus; its folder must be there. Variable `MODELS_JSON_PATH`. */
  modelsJsonPath?: string | undefined
  /** Bearer secret of the cron route; unset: the route is off. At least 16 characters. Variable `CRON_SECRET`. */
  cronSecret?: string | undefined
  /** Who is told of changes, by a name of your own: webhooks, Slack, e-mail; as JSON. Variable `MODEL_SYNC_NEWS`. */
  news?:
    | Record<
        string,
        {
          /** How it is told. */
          type: 'webhook' | 'slack' | 'email'
          /** Of a webhook, or of a Slack-compatible one. */
          url?: string | undefined
          /** Of a webhook: whsec_ and base64 of 24 to 64 bytes. */
          secret?: string | undefined
          /** Of an e-mail. */
          to?: readonly string[] | undefined
          /** Slugs: only what concerns these providers; unset: all. */
          providers?: readonly string[] | undefined
          /** Only news of these kinds; unset: all. */
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
  /** A Slack-compatible incoming webhook that is told everything. Variable `MODEL_SYNC_NEWS_SLACK_URL`. */
  newsSlackUrl?: string | undefined
  /** Webhooks may go to private, loopback and link-local addresses. Default false. Variable `MODEL_SYNC_NEWS_ALLOW_PRIVATE`. */
  newsAllowPrivateTargets?: boolean | undefined
  /** Mail server of e-mail news, smtp://user:password@host:587; needs the package nodemailer. Variable `MODEL_SYNC_SMTP_URL`. */
  smtpUrl?: string | undefined
  /** Sender of e-mail news. Variable `MODEL_SYNC_NEWS_FROM`. */
  newsFrom?: string | undefined
  /** Base64 of 32 bytes, for the keys of users; several with commas: the first encrypts, all decrypt; unset: none can be saved. Variable `MODEL_SYNC_ENCRYPTION_KEY`. */
  encryptionKey?: string | undefined
  /** Address at which clients call the models, /v1 included, for GET /clients/<name>, whose ids are then those of GET /v1/models; unset: the LiteLLM proxy’s, with its own models and ids. Variable `MODEL_SYNC_GATEWAY_URL`. */
  gatewayUrl?: string | undefined
  /** Ids of GET /v1/models; public: ours, with the provider in front; provider: those that the provider, or the proxy behind this server, knows. Default "public". Variable `MODEL_SYNC_OPENAI_IDS`. */
  openaiIds?: 'public' | 'provider' | undefined
  /** Let administrators send the smallest chat request to a model, which costs what its tokens cost. Default false. Variable `MODEL_SYNC_PROBE`. */
  probe?: boolean | undefined
  /** Probes a day (UTC), of all replicas together. From 1 to 1000000. Default 50. Variable `MODEL_SYNC_PROBE_BUDGET`. */
  probeBudget?: number | undefined
  /** Probe the models that a sync added, after it and within the budget. Default false. Variable `MODEL_SYNC_PROBE_NEW`. */
  probeNew?: boolean | undefined
  /** Forward proxy of every request, http://host:port; none: no proxy, whatever the next variables say. Variable `MODEL_SYNC_PROXY`. */
  proxy?: string | undefined
  /** Loopback and literal private addresses go through the proxy too. Default false. Variable `MODEL_SYNC_PROXY_PRIVATE`. */
  proxyPrivate?: boolean | undefined
  /** Forward proxy of requests to http addresses. Variable `HTTP_PROXY`. */
  httpProxy?: string | undefined
  /** Forward proxy of requests to https addresses; unset: HTTP_PROXY. Variable `HTTPS_PROXY`. */
  httpsProxy?: string | undefined
  /** Hosts with their subdomains, addresses and networks that go without a proxy; *: all. Variable `NO_PROXY`. */
  noProxy?: string | undefined
  /** The model that serves chat requests whose own model is unknown: a name or a public id; unset: mistral-31-24b of morpheus, where that is synced. Variable `DEFAULT_FALLBACK_MODEL`. */
  fallbackModel?: string | undefined
  /** The model that serves embedding requests whose own model is unknown: a name or a public id; unset: text-embedding-bge-m3 of morpheus, where that is synced. Variable `DEFAULT_FALLBACK_EMBEDDINGS_MODEL`. */
  fallbackEmbeddingsModel?: string | undefined
  /** The model that serves speech requests whose own model is unknown: a name or a public id; unset: tts-kokoro of morpheus, where that is synced. Variable `DEFAULT_FALLBACK_TTS_MODEL`. */
  fallbackTtsModel?: string | undefined
  /** The model that serves transcription requests whose own model is unknown: a name or a public id; unset: whisper-1 of morpheus, where that is synced. Variable `DEFAULT_FALLBACK_STT_MODEL`. */
  fallbackSttModel?: string | undefined
  /** Direct mode alone: seconds for which its list of models is good. From 1 to 86400. Default 300. Variable `MODEL_CACHE_TTL_SECONDS`. */
  cacheTtlSeconds?: number | undefined
  /** Sync the providers that could own it when a model is asked for that nobody has, every 5 minutes at most. Default false. Variable `MODEL_SYNC_REACTIVE`. */
  reactiveSync?: boolean | undefined
  /** Fit each provider’s interval to how often its models change, between an hour and a day. Default false. Variable `MODEL_SYNC_ADAPTIVE`. */
  adaptive?: boolean | undefined
  /** Signs the messages that may start a sync: base64 of 24 to 64 bytes; unset: the route is off. Variable `MODEL_SYNC_WEBHOOK_SECRET`. */
  webhookSecret?: string | undefined
  /** Certificates for TLS connections. */
  tls?:
    | {
        /** PEM file of a client certificate, shown to providers that ask for one. Variable `MODEL_SYNC_TLS_CERT`. */
        cert?: string | undefined
        /** PEM file of its key; unset: it is in the certificate’s file. Variable `MODEL_SYNC_TLS_KEY`. */
        key?: string | undefined
        /** PEM file of authorities that are trusted beside the usual ones. Variable `MODEL_SYNC_TLS_CA`. */
        ca?: string | undefined
        /** Passphrase of the key, where it is encrypted. Variable `MODEL_SYNC_TLS_KEY_PASSPHRASE`. */
        keyPassphrase?: string | undefined
      }
    | undefined
  /** Path below the prefix that answers 200 while the process lives, for orchestrators; unset: none. Variable `MODEL_SYNC_LIVENESS_PATH`. */
  livenessPath?: string | undefined
  /** Path below the prefix that answers 200 while the catalogue can be read, else 503; unset: none. Variable `MODEL_SYNC_READINESS_PATH`. */
  readinessPath?: string | undefined
  /** Names under which people reach the server; a request for another host is answered 421, loopback and the host of MODEL_SYNC_PUBLIC_URL apart; unset: any. Variable `MODEL_SYNC_ALLOWED_HOSTS`. */
  allowedHosts?: readonly string[] | undefined
  /** HTTP status of the answer when a sync failed, for callers that look at nothing else, as curl -f; the body stays the same. Default 200. Variable `MODEL_SYNC_FAILED_SYNC_STATUS`. */
  failedSyncStatus?: 200 | 409 | 422 | 424 | 500 | 502 | 503 | 504 | undefined
}

/** What the reference backend takes beside them. */
export interface ServerSettingsInput extends SyncSettingsInput {
  /** Address to listen at. Default "127.0.0.1". Variable `HOST`. */
  host?: string | undefined
  /** Port to listen at; 0: any free one. From 0 to 65535. Default 8081. Variable `PORT`. */
  port?: number | undefined
  /** Where the plugin’s routes are mounted. Default none. Variable `MODEL_SYNC_PREFIX`. */
  prefix?: string | undefined
  /** The proxies in front, whose X-Forwarded-For tells a client’s address for limits and the log: how many, or a list of addresses and ranges; unset: none. Variable `MODEL_SYNC_TRUST_PROXY`. */
  trustProxy?: string | undefined
  /** The API’s documentation at /docs. Default true. Variable `MODEL_SYNC_DOCS`. */
  docs?: boolean | undefined
  /** Bearer token for write and admin routes; unset: generated on the first start. At least 16 characters. Variable `ADMIN_TOKEN`. */
  adminToken?: string | undefined
  /** Bearer tokens of administrators by name, so that the changelog says who; no token is generated then. Variable `ADMIN_TOKENS`. */
  adminTokens?: readonly string[] | undefined
  /** Bearer tokens for reads by name; set, reads are closed to everybody without one of these or an admin token. Variable `READ_TOKENS`. */
  readTokens?: readonly string[] | undefined
  /** Writes from one address within a minute; 0: no limit. From 0 to 1000000. Default 300. Variable `MODEL_SYNC_RATE_LIMIT_WRITES`. */
  rateLimitWrites?: number | undefined
  /** Requests to resolve names from one address within a minute; 0: no limit. From 0 to 1000000. Default 600. Variable `MODEL_SYNC_RATE_LIMIT_RESOLVE`. */
  rateLimitResolve?: number | undefined
  /** Pages of more than 100 rows, feeds and whole lists from one address within a minute; 0: no limit. From 0 to 1000000. Default 300. Variable `MODEL_SYNC_RATE_LIMIT_EXPORTS`. */
  rateLimitExports?: number | undefined
  /** Pino level. Default "info". Variable `LOG_LEVEL`. */
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
