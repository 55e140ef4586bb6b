// The two kinds of objects that reports about nodes are kept as, both with the same parts and slightly other names.
import { type Severity, severities } from '../../policy/check.ts'

export const policyReportKinds = ['openreports', 'wgpolicyk8s'] as const
export type PolicyReportKind = (typeof policyReportKinds)[number]

export interface ReportKind {
  readonly apiVersion: string
  readonly kind: string
  /** of the custom resource, below /apis/ */
  readonly path: string
  /** fields of the report itself besides those that both have */
  readonly fields: Readonly<Record<string, unknown>>
  /** how a severity is written */
  readonly severities: Readonly<Record<Severity, string>>
}

const asTheyAre = Object.fromEntries(severities.map(severity => [severity, severity])) as Record<Severity, string>

/**
 * @source crd/openreports.io/v1alpha1/openreports.io_clusterreports.yaml of openreports/reports-api;
 * policy-report/crd/v1alpha2/wgpolicyk8s.io_clusterpolicyreports.yaml of kubernetes-sigs/wg-policy-prototypes, whose
 * severities end at high, unlike those of Kyverno's copy of it
 */
export const reportKinds: Readonly<Record<PolicyReportKind, ReportKind>> = {
  openreports: {
    apiVersion: 'openreports.io/v1alpha1',
    kind: 'ClusterReport',
    path: 'openreports.io/v1alpha1/clusterreports',
    fields: {
      source: 'gabion',
      configuration: { limits: { maxResults: 200, statusFilter: ['fail', 'error', 'warn'] } },
    },
    severities: asTheyAre,
  },
  wgpolicyk8s: {
    apiVersion: 'wgpolicyk8s.io/v1alpha2',
    kind: 'ClusterPolicyReport',
    path: 'wgpolicyk8s.io/v1alpha2/clusterpolicyreports',
    fields: {},
    severities: { ...asTheyAre, critical: 'high' },
  },
}
