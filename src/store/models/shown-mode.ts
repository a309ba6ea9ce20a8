/** The mode that a model is shown, counted and found by: a stated one, else the one that is assumed. */
import { ASSUMES_NOTHING, DENIES_CHAT, NAMES_A_MODE } from '../../core/model/guess-mode.js'

// As classifyMode reads a name: a fine-tune by its base, a path by its end.
const BASE = `COALESCE(substring(m.provider_model_id FROM '(?:^|/)ft:([^:]*)'), m.provider_model_id)`
const NAME = `lower(regexp_replace(${BASE}, '^.*/', '') COLLATE "C")`

/** Of `m` and `p` of a read of models. @see assumedMode */
export const SHOWN_MODE = `COALESCE(
      m.mode,
      CASE
        WHEN m.origin = 'synced' AND NOT (m.pins ? 'mode') AND p.slug NOT IN (${ASSUMES_NOTHING.map((slug) => `'${slug}'`).join(', ')})
          AND ${NAME} !~ '${NAMES_A_MODE}'
          AND lower(${BASE} COLLATE "C") !~ '${DENIES_CHAT}'
        THEN 'chat'
      END
    )`
