// What the CRDs of reports take, written down from them: fields that they do not name are refused.
//
// Sources: crd/openreports.io/v1alpha1/openreports.io_clusterreports.yaml of openreports/reports-api (commit 6e36367) and
// policy-report/crd/v1alpha2/wgpolicyk8s.io_clusterpolicyreports.yaml of kubernetes-sigs/wg-policy-prototypes (commit
// 037274b). Kyverno's copy of the latter (config/crds/policyreport, commit 03cf29d) knows more severities, which is why
// the narrower one is held here.
import * as z from 'zod'

const outcome = z.enum(['pass', 'fail', 'warn', 'error', 'skip'])
const count = z.int().optional()
const text = z.string().optional()
const reference = z.strictObject({
  ...{ apiVersion: text, fieldPath: text, kind: text, name: text, namespace: text, resourceVersion: text, uid: text },
})
const selector = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).optional(),
  matchExpressions: z.array(z.unknown()).optional(),
})

const result = (severity: z.ZodType) =>
  z.strictObject({
    ...{ source: text, policy: z.string(), rule: text, category: text, message: text },
    ...{ result: outcome.optional(), severity: severity.optional(), scored: z.boolean().optional() },
    timestamp: z.strictObject({ seconds: z.int(), nanos: z.int().min(0).max(999_999_999) }).optional(),
    properties: z.record(z.string(), z.string()).optional(),
    resources: z.array(reference).optional(),
    resourceSelector: selector.optional(),
  })

const ownerReference = z.strictObject({ apiVersion: z.string(), kind: z.string(), name: z.string(), uid: z.string() })

/** As apimachinery checks the metadata of every object. */
const metadata = z.strictObject({
  name: z.string().regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/),
  labels: z.record(z.string(), z.string().regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/)),
  annotations: z.record(z.string(), z.string()),
  ownerReferences: z.array(ownerReference),
})

const shared = {
  metadata,
  scope: reference.optional(),
  scopeSelector: selector.optional(),
  summary: z.strictObject({ pass: count, fail: count, warn: count, error: count, skip: count }).optional(),
}

export const ClusterReport = z.strictObject({
  ...shared,
  apiVersion: z.literal('openreports.io/v1alpha1'),
  kind: z.literal('ClusterReport'),
  source: text,
  configuration: z
    .strictObject({
      limits: z.strictObject({ maxResults: z.int().optional(), statusFilter: z.array(outcome).optional() }),
    })
    .optional(),
  results: z.array(result(z.enum(['critical', 'high', 'low', 'medium', 'info']))).optional(),
})

export const ClusterPolicyReport = z.strictObject({
  ...shared,
  apiVersion: z.literal('wgpolicyk8s.io/v1alpha2'),
  kind: z.literal('ClusterPolicyReport'),
  results: z.array(result(z.enum(['high', 'low', 'medium']))).optional(),
})
