/** The site of `npm run docs`: the pages as they lie in docs/; a new page appears in the sidebar by itself. */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = 'https://github.com/fastify-model-sync/fastify-model-sync'
const docs = fileURLToPath(new URL('..', import.meta.url))

/** Newcomers read these pages first; the other pages of a folder follow by title. */
const FIRST = {
  guide: ['getting-started', 'embed-in-fastify', 'litellm', 'how-a-sync-works', 'guards-and-approval', 'pins-and-undo'],
  reference: ['configuration', 'http-api', 'providers', 'cli'],
  operate: ['security', 'observability'],
  contribute: ['architecture'],
}

/** @param {string} folder @param {readonly string[]} first @returns {{ text: string; link: string }[]} */
function pagesOf(folder, first = []) {
  const names = readdirSync(path.join(docs, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => name.replaceAll('\\', '/').replace(/\.md$/, ''))
  const pages = names.map((name) => ({
    text:
      /^# (.+)$/m.exec(readFileSync(path.join(docs, folder, `${name}.md`), 'utf8'))?.[1]?.replaceAll('`', '') ?? name,
    link: `/${folder}/${name}`,
    rank: first.indexOf(name) === -1 ? first.length : first.indexOf(name),
  }))
  return pages.sort((a, b) => a.rank - b.rank || a.text.localeCompare(b.text)).map(({ text, link }) => ({ text, link }))
}

export default {
  title: 'fastify-model-sync',
  description:
    'A Fastify plugin that keeps a PostgreSQL catalogue of LLM models in step with LiteLLM and provider APIs',
  cleanUrls: true,
  themeConfig: {
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
    editLink: { pattern: `${REPOSITORY}/edit/main/docs/:path` },
    nav: [
      { text: 'Guide', link: '/guide/getting-started' },
      { text: 'Reference', link: '/reference/configuration' },
      { text: 'Operate', link: '/operate/security' },
      { text: 'Contribute', link: '/contribute/architecture' },
    ],
    sidebar: Object.entries(FIRST).map(([folder, first]) => ({
      text: folder.charAt(0).toUpperCase() + folder.slice(1),
      items: pagesOf(folder, first),
    })),
  },
}
