/** Validates Kubernetes manifests against the API's own schemas. Is copied to a folder with `kubernetes-models` and `yaml`, and runs on Node 22. */
import { readFileSync } from 'node:fs'
import console from 'node:console'
import path from 'node:path'
import process from 'node:process'
import { parseAllDocuments } from 'yaml'

for (const file of process.argv.slice(2))
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'))) {
    const resource = document.toJS()
    // kustomize's own, which is no resource of the API.
    if (resource.kind === 'Kustomization') continue
    const kinds = await import(`kubernetes-models/${resource.apiVersion}`)
    new kinds[resource.kind](resource).validate()
    console.log(`${path.basename(file)}: ${resource.kind}`)
  }
