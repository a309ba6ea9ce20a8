/** For the Dockerfile: makes package.json ask for what the reference backend runs with, optional peers among it, and for no development tools. Versions stay those of the lock. */
import { readFileSync, writeFileSync } from 'node:fs'

// The host itself, the API's documentation, and the database where none is named.
const PEERS = [
  'fastify',
  'pg',
  '@fastify/swagger',
  '@fastify/swagger-ui',
  '@electric-sql/pglite',
  '@electric-sql/pglite-socket',
]

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
for (const name of PEERS) manifest.dependencies[name] = manifest.devDependencies[name]
for (const left of ['devDependencies', 'peerDependencies', 'peerDependenciesMeta']) delete manifest[left]
writeFileSync('package.json', JSON.stringify(manifest))
