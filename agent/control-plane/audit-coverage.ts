// Tells what an audit policy records of the requests that matter, by the first rule that matches each.
import type { AuditPolicyFacts } from '../../proto/facets/control-plane.ts'
import {
  type AuditLevel,
  type AuditPolicy,
  type AuditRule,
  type AuditStage,
  auditLevels,
} from '../parse/audit-policy.ts'

interface Concern {
  /** resource and subresource as in a rule, or what is done with it */
  readonly request: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly verbs: readonly string[]
  readonly namespaced: boolean
  /** requests that stay open for long have a stage of their own when they begin */
  readonly longRunning: boolean
}

const reads = ['get', 'list', 'watch']
const writes = ['create', 'update', 'patch', 'delete', 'deletecollection']
const all = [...reads, ...writes]

/** Requests that carry secrets, change what runs, or give a shell. */
const concerns: readonly Concern[] = [
  concern('secrets', '', 'secrets', all),
  concern('configmaps', '', 'configmaps', all),
  { ...concern('tokenreviews', 'authentication.k8s.io', 'tokenreviews', ['create']), namespaced: false },
  concern('serviceaccounts/token', '', 'serviceaccounts/token', ['create']),
  concern('changes of pods', '', 'pods', writes),
  concern('changes of deployments', 'apps', 'deployments', writes),
  { ...concern('pods/exec', '', 'pods/exec', ['create', 'get']), longRunning: true },
  { ...concern('pods/portforward', '', 'pods/portforward', ['create', 'get']), longRunning: true },
  { ...concern('pods/proxy', '', 'pods/proxy', ['create', 'get']), longRunning: true },
  { ...concern('services/proxy', '', 'services/proxy', ['create', 'get']), longRunning: true },
]

/** @param path the policy's file on the host */
export function auditFacts(policy: AuditPolicy, path: string): AuditPolicyFacts {
  const { rules } = policy
  const catchAll = rules.findIndex(matchesAll)
  const reachable = catchAll < 0 ? rules : rules.slice(0, catchAll + 1)
  const count = (level: AuditLevel) => rules.filter(rule => rule.level === level).length
  return {
    configured: true,
    path,
    rules: rules.length,
    unreachableRules: rules.length - reachable.length,
    noneRules: count('None'),
    metadataRules: count('Metadata'),
    requestRules: count('Request'),
    requestResponseRules: count('RequestResponse'),
    omitStages: [...policy.omitStages],
    logsNothing: reachable.every(rule => recorded(rule, false) === 'None' && recorded(rule, true) === 'None'),
    coverage: concerns.map(one => ({ request: one.request, ...levelsOf(reachable, one) })),
  }
}

/** No policy: nothing is recorded. */
export const noAuditPolicy: AuditPolicyFacts = {
  configured: false,
  path: '',
  rules: 0,
  unreachableRules: 0,
  noneRules: 0,
  metadataRules: 0,
  requestRules: 0,
  requestResponseRules: 0,
  omitStages: [],
  logsNothing: true,
  coverage: concerns.map(({ request }) => ({ request, least: 'None', most: 'None' })),
}

/**
 * least: what is recorded of a user, a namespace and an object that no rule names. most: what any rule records before
 * one that takes all such requests.
 */
function levelsOf(rules: readonly AuditRule[], concern: Concern): { least: AuditLevel; most: AuditLevel } {
  let least: AuditLevel = 'RequestResponse'
  let most: AuditLevel = 'None'
  for (const verb of concern.verbs) {
    let taken: AuditLevel | undefined
    for (const rule of rules) {
      const match = matchOf(rule, concern, verb)
      if (match === 'never') continue
      const level = recorded(rule, concern.longRunning || verb === 'watch')
      most = auditLevels[Math.max(rank(most), rank(level))] ?? most
      if (match === 'sometimes') continue
      taken = level
      break
    }
    least = auditLevels[Math.min(rank(least), rank(taken ?? 'None'))] ?? least
  }
  return { least, most }
}

const rank = (level: AuditLevel) => auditLevels.indexOf(level)

/** Every authenticated user is in this group. */
const everybody = 'system:authenticated'

function matchOf(rule: AuditRule, concern: Concern, verb: string): 'always' | 'sometimes' | 'never' {
  if (rule.verbs.length > 0 && !rule.verbs.includes(verb)) return 'never'
  const ofUrls = rule.resources.length === 0 && rule.namespaces.length === 0 && rule.nonResourceUrls.length > 0
  if (ofUrls) return 'never'
  const named = resourceMatch(rule, concern)
  const inNamespace = namespaceMatch(rule, concern)
  if (named === 'never' || inNamespace === 'never') return 'never'
  const anyUser = rule.users.length === 0 && (rule.userGroups.length === 0 || rule.userGroups.includes(everybody))
  return anyUser && named === 'always' && inNamespace === 'always' ? 'always' : 'sometimes'
}

/** Objects outside namespaces count as those of the namespace with the empty name. */
function namespaceMatch({ namespaces }: AuditRule, { namespaced }: Concern): 'always' | 'sometimes' | 'never' {
  if (namespaces.length === 0) return 'always'
  if (namespaced) return 'sometimes'
  return namespaces.includes('') ? 'always' : 'never'
}

function resourceMatch({ resources }: AuditRule, concern: Concern): 'always' | 'sometimes' | 'never' {
  if (resources.length === 0) return 'always'
  const { group, resource, subresource } = concern
  const whole = subresource === '' ? resource : `${resource}/${subresource}`
  const patterns = ['*', whole, `${resource}/*`, ...(subresource === '' ? [] : [`*/${subresource}`])]
  let match: 'sometimes' | 'never' = 'never'
  for (const item of resources.filter(one => one.group === group)) {
    if (item.resources.length === 0) return 'always'
    if (!item.resources.some(name => patterns.includes(name))) continue
    if (item.resourceNames.length === 0) return 'always'
    match = 'sometimes'
  }
  return match
}

function matchesAll(rule: AuditRule): boolean {
  const { users, userGroups, verbs, namespaces, resources, nonResourceUrls } = rule
  return [users, userGroups, verbs, namespaces, resources, nonResourceUrls].every(list => list.length === 0)
}

/** A rule that leaves out every stage of a request records nothing of it. */
function recorded({ level, omitStages }: AuditRule, longRunning: boolean): AuditLevel {
  const stages: AuditStage[] = longRunning
    ? ['RequestReceived', 'ResponseStarted', 'ResponseComplete']
    : ['RequestReceived', 'ResponseComplete']
  return stages.every(stage => omitStages.includes(stage)) ? 'None' : level
}

function concern(request: string, group: string, path: string, verbs: readonly string[]): Concern {
  const [resource = '', subresource = ''] = path.split('/')
  return { request, group, resource, subresource, verbs, namespaced: true, longRunning: false }
}
