// `gabion-agent policy list`: checks with their severity, and profiles, as they are for a host with these labels.
import { type Severity, severities } from '../../policy/check.ts'
import { visible } from '../../policy/visible-text.ts'
import { usageError } from '../../runtime/errors.ts'
import { openSite, type Site } from '../policy/open-site.ts'
import type { PolicyOptions } from './policy-options.ts'

export interface ListOptions extends PolicyOptions {
  readonly profile?: readonly string[]
  readonly severity?: Severity
}

export async function listPolicy(options: ListOptions): Promise<void> {
  const site = await openSite(options.policy, options.label ?? {})
  const { catalog } = site.judge
  const unknown = options.profile?.find(id => !catalog.profiles.some(profile => profile.id === id))
  if (unknown !== undefined) {
    throw usageError(`unknown profile '${unknown}'; there are ${catalog.profiles.map(({ id }) => id).join(', ')}`)
  }
  const worst = options.severity ? severities.indexOf(options.severity) : severities.length
  const profiles = catalog.profiles.filter(({ id }) => !options.profile || options.profile.includes(id))
  const listed = new Set(profiles.flatMap(profile => profile.checks))
  const checks = catalog.checks
    .filter(({ id }) => !options.profile || listed.has(id))
    .filter(({ severity }) => severities.indexOf(severity) <= worst)
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.id < b.id ? -1 : 1))
  const rows = [
    ...checks.map(({ id, severity, title, pass }) => [severity, id, title, marks(site, id, pass === undefined)]),
    ...site.tailored.disabled.map(({ check, rationale, place }) => ['off', check, rationale, place]),
  ]
  process.stdout.write(`${columns(rows)}\n${columns(profiles.map(profile => profileRow(site, profile)))}`)
}

function marks({ policy, tailored }: Site, id: string, isManual: boolean): string {
  const words = [
    isManual ? 'manual' : '',
    policy.ownChecks.has(id) ? 'own' : '',
    tailored.changes.has(id) ? 'tailored' : '',
  ]
  const told = words.filter(word => word !== '').join(', ')
  return told === '' ? '' : `(${told})`
}

function profileRow({ policy }: Site, profile: Site['judge']['catalog']['profiles'][number]): readonly string[] {
  const { id, title, checks } = profile
  return ['profile', id, `${title}: ${checks.length} checks`, policy.ownProfiles.has(id) ? '(own)' : '']
}

/** The first two columns as wide as they need to be. */
function columns(rows: readonly (readonly string[])[]): string {
  const width = (column: number) => Math.max(0, ...rows.map(row => row[column]?.length ?? 0))
  const widths = [width(0), width(1)]
  return rows
    .map(
      row =>
        `${row
          .map((text, column) => visible(text).padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
