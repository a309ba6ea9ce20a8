/** The repository's folder, from the tests as from what is compiled of them (`compile.ts`): for what lies beside the repository, or is kept in it. */
export const ROOT = new URL(import.meta.url.includes('/.cache/test/') ? '../../../../' : '../../', import.meta.url)
