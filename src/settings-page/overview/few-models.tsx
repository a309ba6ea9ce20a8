/** The first few models of a list, and the way to all of it. */
import type { Model, ModelsQuery } from '../../client/contract.js'
import { useFewModels } from '../api/queries.js'
import { formatPricePerMillion } from '../parts/format.js'
import { Moment } from '../parts/moment.js'
import { providerName } from '../parts/labels.js'
import { ReadProblem } from '../parts/read-problem.js'
import { Link } from '../shell/link.js'
import type { QueryState } from '../shell/router.js'

interface Props {
  title: string
  /** Of the API. */
  query: ModelsQuery
  /** Of the models view, for the whole list. */
  all: QueryState
  detail: 'price' | 'age'
}

export function FewModels({ title, query, all, detail }: Props) {
  const { data, error, refetch } = useFewModels(query)
  return (
    <section className="card panel" aria-label={title}>
      <div className="panel-top">
        <h2>{title}</h2>
        <Link view="models" query={all} aria-label={`All: ${title}`}>
          All
        </Link>
      </div>
      {error !== null && data === undefined && (
        <ReadProblem error={error} what="The models" onRetry={() => void refetch()} />
      )}
      {data?.models.length === 0 && <p className="muted">None.</p>}
      <ul className="few">
        {data?.models.map((model) => (
          <li key={model.id}>
            <Link view="models" query={{ ...all, model: model.id }} className="few-name" title={model.id}>
              {model.name}
            </Link>
            <span className="muted few-provider">{providerName(model.provider)}</span>
            <span className="few-detail">{detail === 'price' ? <Price model={model} /> : <Age model={model} />}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Price({ model: { inputCostPerToken, outputCostPerToken } }: { model: Model }) {
  return (
    <span title="USD per 1M tokens, input and output">
      {formatPricePerMillion(inputCostPerToken)}
      <span className="muted"> in </span> {formatPricePerMillion(outputCostPerToken)}
      <span className="muted"> out</span>
    </span>
  )
}

function Age({ model }: { model: Model }) {
  return <Moment iso={model.firstSeenAt} />
}
