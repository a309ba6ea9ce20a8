/** NAMED_ROW: a condition, an order and a limit that leave the one row `m` whose provider's own id is `$2`, or was before it was renamed. */

// The id that a model has now comes before one that another had. Most rows were never renamed, which the first half of AND tells sooner.
export const NAMED_ROW = `(m.provider_model_id = $2 OR (m.former_ids <> '[]' AND m.former_ids ? $2))
    ORDER BY m.provider_model_id = $2 DESC
    LIMIT 1`
