// The process that asks the fleet what people want to know: it reads the database by itself, and may be killed.
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { createFactQueries } from '../../policy/fact-query.ts'
import { PolicyError } from '../../policy/policy-error.ts'
import { facets } from '../../proto/facets.generated.ts'
import { messageOf } from '../../runtime/errors.ts'
import { createBoundedCache } from '../domain/bounded-cache.ts'
import { createStateCache } from '../domain/state-cache.ts'
import type { DatabaseLocation } from '../store/database-location.ts'
import { openStoreReader } from '../store/open-reader.ts'
import type { StoreReader } from '../store/store.ts'
import { factRows, type KeptAnswer } from './fact-rows.ts'
import { outlierReport } from './outlier-report.ts'
import type { FactRequest, OutlierRequest, QueryMessage, QueryRequest } from './query-messages.ts'
import { createTraitMemory } from './trait-memory.ts'

const stateCharacters = 48 * 1024 * 1024
const answerCharacters = 16 * 1024 * 1024

const states = createStateCache(stateCharacters)
const answers = createBoundedCache<KeptAnswer>(answerCharacters)
const memory = createTraitMemory()
const queries = createFactQueries(facets)

async function answerRequests(): Promise<void> {
  let read: StoreReader | undefined
  await say({ ready: true })
  for await (const line of createInterface({ input: process.stdin })) {
    const { location, ...request }: QueryRequest & { readonly location: DatabaseLocation } = JSON.parse(line)
    try {
      read ??= openStoreReader(location)
      await ('expression' in request ? answerFacts(request, read) : answerOutliers(request, read))
    } catch (error) {
      await say(error instanceof PolicyError ? { mistake: wordsOf(error) } : { error: messageOf(error) })
    }
  }
}

async function answerFacts({ expression, scope, nowMs, all }: FactRequest, read: StoreReader): Promise<void> {
  const query = queries.compile(expression)
  const options = { query, name: expression, facets, read, states, answers, scope, nowMs, all }
  for await (const found of factRows(options)) await say('hosts' in found ? { summary: found } : { rows: found })
}

async function answerOutliers({ outliersOf, scope, cohort, limit }: OutlierRequest, read: StoreReader): Promise<void> {
  const facet = facets.find(({ name }) => name === outliersOf)
  if (!facet) return say({ mistake: `there is no facet ${outliersOf}` })
  const onProgress = () => say({ working: true })
  await say({ outliers: await outlierReport({ facet, read, memory, scope, cohort, limit, onProgress }) })
}

const wordsOf = ({ problems }: PolicyError) => problems.map(({ message }) => message).join('; ')

async function say(message: QueryMessage): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(message)}\n`)) await once(process.stdout, 'drain')
}

// What rejects ends the process with 1.
void answerRequests()
