/** The Deprecation and Sunset fields of a model. */
import t from 'tap'
import { deprecationHeaders } from '../../../src/routes/shared/deprecation-headers.js'

t.test('both name the start of the day on which the model ends', async (t) => {
  t.strictSame(deprecationHeaders({ deprecationDate: '2026-12-31' }), {
    deprecation: '@1798675200',
    sunset: 'Thu, 31 Dec 2026 00:00:00 GMT',
  })
  t.strictSame(deprecationHeaders({ deprecationDate: null }), {})
})
