// Every route of the API, in the order of the OpenAPI document.
import type { Route } from './route.ts'
import { getCheck, listChecks } from './routes/checks.ts'
import { listDrift } from './routes/drift.ts'
import { getFacet, listFacetHistory, listFacets } from './routes/facets.ts'
import { getMetrics, healthz, readyz } from './routes/health.ts'
import { getHost, listHosts } from './routes/hosts.ts'
import { getOverview, getOverviewStyle } from './routes/overview.ts'
import { rescanHost } from './routes/rescan.ts'
import { listHostResults, listResults } from './routes/results.ts'
import { getSummary } from './routes/summary.ts'

export const routes: readonly Route[] = [
  getSummary,
  listHosts,
  getHost,
  listFacets,
  getFacet,
  listFacetHistory,
  listHostResults,
  rescanHost,
  listResults,
  listChecks,
  getCheck,
  listDrift,
  healthz,
  readyz,
  getMetrics,
  getOverview,
  getOverviewStyle,
]
