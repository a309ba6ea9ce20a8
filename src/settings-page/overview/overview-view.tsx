/** The first thing one sees: how things stand, what the last run did, how the catalogue grows, what is cheap and what is new. */
import { useStats } from '../api/queries.js'
import { ViewTitle } from '../parts/view-title.js'
import { SyncCard } from '../sync/sync-card.js'
import type { ViewProps } from '../view-props.js'
import { CataloguePictures } from './catalogue-pictures.js'
import { FewModels } from './few-models.js'
import { FirstSteps } from './first-steps.js'
import { ReplicasCard } from './replicas-card.js'
import '../styles/overview.css'

const CHEAPEST = { mode: 'chat', availability: 'available', sort: 'inputCostPerToken', limit: 6 } as const
const NEWEST = { sort: '-firstSeenAt', limit: 6 }

export function OverviewView(props: ViewProps) {
  const { data: stats } = useStats()
  return (
    <>
      <ViewTitle title="Overview" />
      <SyncCard {...props} />
      <ReplicasCard />
      {stats?.totalModels === 0 && (
        <div className="card">
          <FirstSteps />
        </div>
      )}
      {stats !== undefined && stats.totalModels > 0 && (
        <>
          <CataloguePictures />
          <div className="pair">
            <FewModels
              title="Cheapest chat models"
              query={CHEAPEST}
              all={{ mode: 'chat', availability: 'available', sort: 'inputCostPerToken' }}
              detail="price"
            />
            <FewModels title="Newest models" query={NEWEST} all={{ sort: '-firstSeenAt' }} detail="age" />
          </div>
        </>
      )}
    </>
  )
}
