// Made by `npm run gen`. Do not edit.
import type { Route } from './route.ts'
import { getAgentHealth } from './routes/agent-health.ts'
import { listApiTokens, createApiToken, revokeApiToken } from './routes/api-tokens.ts'
import { listAudit } from './routes/audit.ts'
import { getCheckTrend } from './routes/check-trend.ts'
import { listChecks, getCheck } from './routes/checks.ts'
import { listPins, putPin, deletePin, listDeviations } from './routes/cohort-pins.ts'
import { listCohorts, createCohort, getCohort, updateCohort, deleteCohort } from './routes/cohorts.ts'
import { listDrift } from './routes/drift.ts'
import { listEnrollmentTokens, createEnrollmentToken, revokeEnrollmentToken } from './routes/enrollment-tokens.ts'
import { listEnrollments, approveEnrollment, refuseEnrollment } from './routes/enrollments.ts'
import { streamEvents } from './routes/events.ts'
import { listFacets, getFacet, listFacetHistory, listGaps } from './routes/facets.ts'
import { listFindings } from './routes/findings.ts'
import { healthz, readyz, getMetrics } from './routes/health.ts'
import { retireHost, revokeHost, releaseHost, deleteHost } from './routes/host-changes.ts'
import { listHosts, getHost } from './routes/hosts.ts'
import { getLogin, logIn, logOut } from './routes/login.ts'
import { getOpenApi, getReference, getReferenceStyle } from './routes/openapi.ts'
import { listOutliers, listCohortOutliers } from './routes/outliers.ts'
import { getOverview, getOverviewStyle, getIcon } from './routes/overview.ts'
import { listProfiles, getProfile } from './routes/profiles.ts'
import { queryFleet } from './routes/query.ts'
import { listReceivers, testReceiver } from './routes/receivers.ts'
import { getReport } from './routes/reports.ts'
import { rescanHost } from './routes/rescan.ts'
import { listResultHistory } from './routes/result-history.ts'
import { listResults, listHostResults } from './routes/results.ts'
import { getSession, beginSession, endSession } from './routes/session.ts'
import { getSummary } from './routes/summary.ts'
import { getTimeToFix } from './routes/time-to-fix.ts'
import { getTrends } from './routes/trends.ts'
import { listWaivers, createWaiver, getWaiver, deleteWaiver } from './routes/waivers.ts'

export const routes: readonly Route[] = [
  getAgentHealth,
  listApiTokens,
  createApiToken,
  revokeApiToken,
  listAudit,
  getCheckTrend,
  listChecks,
  getCheck,
  listPins,
  putPin,
  deletePin,
  listDeviations,
  listCohorts,
  createCohort,
  getCohort,
  updateCohort,
  deleteCohort,
  listDrift,
  listEnrollmentTokens,
  createEnrollmentToken,
  revokeEnrollmentToken,
  listEnrollments,
  approveEnrollment,
  refuseEnrollment,
  streamEvents,
  listFacets,
  getFacet,
  listFacetHistory,
  listGaps,
  listFindings,
  healthz,
  readyz,
  getMetrics,
  retireHost,
  revokeHost,
  releaseHost,
  deleteHost,
  listHosts,
  getHost,
  getLogin,
  logIn,
  logOut,
  getOpenApi,
  getReference,
  getReferenceStyle,
  listOutliers,
  listCohortOutliers,
  getOverview,
  getOverviewStyle,
  getIcon,
  listProfiles,
  getProfile,
  queryFleet,
  listReceivers,
  testReceiver,
  getReport,
  rescanHost,
  listResultHistory,
  listResults,
  listHostResults,
  getSession,
  beginSession,
  endSession,
  getSummary,
  getTimeToFix,
  getTrends,
  listWaivers,
  createWaiver,
  getWaiver,
  deleteWaiver,
]
