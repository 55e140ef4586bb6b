// What there is to ask of the API, and which role may do what with it.
import type { ApiRole } from '../../store/access-records.ts'

export const verbs = ['get', 'list', 'create', 'update', 'delete'] as const
export type Verb = (typeof verbs)[number]

/**
 * Resources as RBAC of Kubernetes names them, too. `hosts`: rows belong to hosts, and whoever may see some hosts only is
 * shown theirs; `fleet`: it is about all hosts, and only for those who may see all; `shared`: read like `hosts` and changed
 * like `fleet`; `none`: it is about no host.
 */
export const resources = {
  hosts: 'hosts',
  facets: 'hosts',
  results: 'hosts',
  findings: 'hosts',
  drift: 'hosts',
  events: 'hosts',
  summary: 'hosts',
  reports: 'hosts',
  rescans: 'hosts',
  checks: 'hosts',
  cohorts: 'shared',
  profiles: 'none',
  metrics: 'fleet',
  enrollmenttokens: 'fleet',
  enrollments: 'fleet',
  waivers: 'fleet',
  receivers: 'fleet',
  apitokens: 'fleet',
  audit: 'fleet',
} as const satisfies Readonly<Record<string, 'hosts' | 'fleet' | 'shared' | 'none'>>
export type Resource = keyof typeof resources

/** A right that a route asks for. */
export interface Right {
  readonly resource: Resource
  readonly verb: Verb
}

const reading = ['get', 'list'] as const
const all = verbs

const viewer: Readonly<Partial<Record<Resource, readonly Verb[]>>> = {
  hosts: reading,
  facets: reading,
  results: reading,
  findings: reading,
  drift: reading,
  events: reading,
  summary: reading,
  reports: reading,
  checks: reading,
  cohorts: reading,
  profiles: reading,
  metrics: reading,
  waivers: reading,
  receivers: reading,
}

const operator: typeof viewer = {
  ...viewer,
  hosts: ['get', 'list', 'update'],
  rescans: ['create'],
  enrollmenttokens: all,
  enrollments: all,
  waivers: all,
  cohorts: all,
}

const admin = Object.fromEntries(Object.keys(resources).map(resource => [resource, all])) as typeof viewer

const granted: Readonly<Record<ApiRole, typeof viewer>> = { viewer, operator, admin }

/** Whether a role has a right, whatever hosts it is for. */
export function roleMay(role: ApiRole, { resource, verb }: Right): boolean {
  return granted[role][resource]?.includes(verb) ?? false
}
