# syntax=docker/dockerfile:1
# The reference backend. Its database is a PostgreSQL (DATABASE_URL), or the embedded one in the volume /data.

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Nothing of a package runs while it is installed; what is built is built below.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json tsconfig.client.json tsconfig.page.json vite.config.ts ./
COPY scripts ./scripts
COPY src ./src
# Declarations are for those who compile against the package.
RUN node scripts/build.js && \
  find dist \( -name '*.d.ts' -o -name '*.d.cts' -o -name '*.cjs' \) -delete

FROM node:22-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY scripts/server-packages.js ./scripts/
RUN node scripts/server-packages.js && \
  npm install --ignore-scripts --no-audit --no-fund --omit=optional && \
  find node_modules -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.cts' -o -name '*.d.mts' \) -delete

FROM node:22-bookworm-slim AS server
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8081 MODEL_SYNC_DATA_DIR=/data
WORKDIR /app
COPY package.json LICENSE THIRD-PARTY-LICENSES.md ./
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# The one folder that is written; all else may be read-only.
RUN mkdir -p /data && chown 1000:1000 /data
# The user node of the image.
USER 1000:1000
VOLUME /data
EXPOSE 8081
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself is the first process and gets the signals; npm would keep them.
CMD ["node", "dist/server.js"]
