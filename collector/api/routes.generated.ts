// Made by `npm run gen`. Do not edit.
import type { Route } from './route.ts'
import { listChecks, getCheck } from './routes/checks.ts'
import { listDrift } from './routes/drift.ts'
import { listFacets, getFacet, listFacetHistory, listGaps } from './routes/facets.ts'
import { healthz, readyz, getMetrics } from './routes/health.ts'
import { listHosts, getHost } from './routes/hosts.ts'
import { getOverview, getOverviewStyle, getIcon } from './routes/overview.ts'
import { rescanHost } from './routes/rescan.ts'
import { listResults, listHostResults } from './routes/results.ts'
import { getSummary } from './routes/summary.ts'

export const routes: readonly Route[] = [
  listChecks,
  getCheck,
  listDrift,
  listFacets,
  getFacet,
  listFacetHistory,
  listGaps,
  healthz,
  readyz,
  getMetrics,
  listHosts,
  getHost,
  getOverview,
  getOverviewStyle,
  getIcon,
  rescanHost,
  listResults,
  listHostResults,
  getSummary,
]
