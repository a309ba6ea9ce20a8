/** Before `npm start`: says what to do where the package is not built (`npm install --ignore-scripts`, `--omit=dev`). */
import { existsSync } from 'node:fs'

const NEEDED = ['dist/server.js', 'dist/store/migrations', 'dist/settings-page/index.html']
const missing = NEEDED.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)))

if (missing.length > 0) {
  console.error(`The server is not built: ${missing.join(', ')} is missing. Run npm run build, then npm start again.`)
  process.exit(1)
}
