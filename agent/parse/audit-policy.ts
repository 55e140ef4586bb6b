// Parses an audit policy of the Kubernetes API server.
import {
  type ConfigObject,
  type ConfigValue,
  isObject,
  kindOfDocument,
  type MalformedDocument,
  malformed,
  parseKubernetesDocument,
} from './kubernetes-document.ts'

/** In order of how much they record. */
export const auditLevels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const
export type AuditLevel = (typeof auditLevels)[number]

export const auditStages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const
export type AuditStage = (typeof auditStages)[number]

/** Empty lists mean that a rule does not ask for it. */
export interface AuditRule {
  readonly level: AuditLevel
  readonly users: readonly string[]
  readonly userGroups: readonly string[]
  readonly verbs: readonly string[]
  readonly namespaces: readonly string[]
  readonly resources: readonly AuditResources[]
  readonly nonResourceUrls: readonly string[]
  /** those of the policy included */
  readonly omitStages: readonly AuditStage[]
}

export interface AuditResources {
  /** empty for the core group */
  readonly group: string
  /** `pods`, `pods/exec`, `pods/*`, any resource’s `scale` or `*`; empty for all of the group */
  readonly resources: readonly string[]
  readonly resourceNames: readonly string[]
}

export interface AuditPolicy {
  readonly state: 'policy'
  readonly rules: readonly AuditRule[]
  /** stages that the policy leaves out of every rule */
  readonly omitStages: readonly AuditStage[]
}

const group = 'audit.k8s.io/'

/** The API server refuses what is malformed here, and a policy without rules. */
export function parseAuditPolicy(text: string): AuditPolicy | MalformedDocument {
  const document = parseKubernetesDocument(text)
  if (document.state === 'malformed') return document
  const { values, lineOf } = document
  const { apiVersion, rules = [] } = values
  if (values['kind'] !== 'Policy') return malformed(0, `kind is ${kindOfDocument(values) || 'missing'}, not Policy`)
  if (typeof apiVersion !== 'string' || !apiVersion.startsWith(group)) {
    return malformed(lineOf(['apiVersion']), `apiVersion is not ${group}v1`)
  }
  const omitStages = stagesOf(values['omitStages'])
  if (!omitStages) return malformed(lineOf(['omitStages']), 'omitStages has what is no stage')
  if (rules !== null && !Array.isArray(rules)) return malformed(lineOf(['rules']), 'rules is not a list')
  const parsed: AuditRule[] = []
  for (const [index, rule] of (rules ?? []).entries()) {
    const read = readRule(rule, omitStages)
    if (typeof read === 'string') return malformed(lineOf(['rules', index]), read)
    parsed.push(read)
  }
  return { state: 'policy', rules: parsed, omitStages }
}

/** The rule, or what is wrong with it. */
function readRule(rule: ConfigValue, omitted: readonly AuditStage[]): AuditRule | string {
  if (!isObject(rule)) return 'a rule is not a mapping'
  const level = auditLevels.find(one => one === rule['level'])
  if (level === undefined) return 'a rule has no level that is known'
  const omitStages = stagesOf(rule['omitStages'])
  if (!omitStages) return 'omitStages has what is no stage'
  const lists = ['users', 'userGroups', 'verbs', 'namespaces', 'nonResourceURLs'].map(key => textsOf(rule[key]))
  const resources = resourcesOf(rule['resources'])
  const [users, userGroups, verbs, namespaces, nonResourceUrls] = lists
  if (!users || !userGroups || !verbs || !namespaces || !nonResourceUrls || !resources) {
    return 'a rule has a list that is none'
  }
  const both = nonResourceUrls.length > 0 && (resources.length > 0 || namespaces.length > 0)
  if (both) return 'a rule names resources and URLs that are none'
  const all = [...new Set([...omitted, ...omitStages])]
  return { level, users, userGroups, verbs, namespaces, resources, nonResourceUrls, omitStages: all }
}

function resourcesOf(value: ConfigValue | undefined): readonly AuditResources[] | undefined {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return undefined
  const all: AuditResources[] = []
  for (const item of value) {
    if (!isObject(item)) return undefined
    const read = readResources(item)
    if (!read) return undefined
    all.push(read)
  }
  return all
}

function readResources(item: ConfigObject): AuditResources | undefined {
  const resources = textsOf(item['resources'])
  const resourceNames = textsOf(item['resourceNames'])
  const { group: name = '' } = item
  if (!resources || !resourceNames || (typeof name !== 'string' && name !== null)) return undefined
  return { group: name ?? '', resources, resourceNames }
}

function stagesOf(value: ConfigValue | undefined): readonly AuditStage[] | undefined {
  const texts = textsOf(value)
  const stages = texts?.flatMap(text => auditStages.find(stage => stage === text) ?? [])
  return stages?.length === texts?.length ? stages : undefined
}

function textsOf(value: ConfigValue | undefined): readonly string[] | undefined {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) return undefined
  const texts = value.filter(item => typeof item === 'string')
  return texts.length === value.length ? texts : undefined
}
