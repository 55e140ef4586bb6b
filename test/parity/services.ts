// Holds ssh, services, audit, packages and host against what sshd, systemctl, auditctl, dpkg and others printed.
import { parseSshdTestOutput } from '../../agent/parse/sshd-test-output.ts'
import { knownServices } from '../../agent/services/known-services.ts'
import { serviceOfUnit } from '../../agent/services/running.ts'
import type { AuditFacts } from '../../proto/facets/audit.ts'
import type { HostFacts } from '../../proto/facets/host.ts'
import type { PackagesFacts } from '../../proto/facets/packages.ts'
import type { ServicesFacts } from '../../proto/facets/services.ts'
import type { SshFacts } from '../../proto/facets/ssh.ts'
import { type Comparison, linesOf, type Recording, rowsOf, sorted } from './recording.ts'

/** Lists of accounts and groups are only counted in the facet. */
const counted = new Set(['allowUsers', 'denyUsers', 'allowGroups', 'denyGroups'])

export function compareSsh(recording: Recording): readonly Comparison[] {
  const { settings = {} } = recording.facts<SshFacts>('ssh')
  const said = parseSshdTestOutput(recording.output('sshd-T'))
  const rows = Object.entries(settings).filter(([field]) => field !== 'listenAddresses')
  const keyword = (field: string) => (field === 'ports' ? 'port' : field.toLowerCase().replace(/seconds$/, ''))
  return [
    {
      title: `${rows.length} settings are those of sshd -T`,
      found: rows.map(([field, setting]) => `${field} ${sshdWords(setting).join(' ')}`),
      printed: rows.map(([field]) => {
        const words = said.get(keyword(field)) ?? []
        return `${field} ${counted.has(field) ? words.length : words.join(' ')}`
      }),
    },
  ]
}

/** A setting of the facet in the words of `sshd -T`. */
function sshdWords(setting: object | undefined): readonly string[] {
  const { value, start, rate, full } = (setting ?? {}) as Record<string, unknown>
  if (start !== undefined) return [`${start}:${rate}:${full}`]
  if (Array.isArray(value)) return value.map(String)
  return [value === true ? 'yes' : value === false ? 'no' : String(value)]
}

/** States that systemd has and links do not tell: what a generator made, and units of this moment. */
const ofTheMoment = new Set(['generated', 'transient', 'enabled-runtime', 'masked-runtime', 'linked-runtime'])
/** Enabled in ways that no link of a target says. */
const otherwiseEnabled = [...['systemd-network-generator.service', 'getty@.service', 'systemd-remount-fs.service']]

export function compareServices(recording: Recording): readonly Comparison[] {
  const facts = recording.facts<ServicesFacts>('services')
  const listed = rowsOf(recording.output('systemctl-files')).filter(([, state = '']) => !ofTheMoment.has(state))
  const stateOf = new Map(listed.map(([unit = '', state = '']) => [unit, state]))
  const active = rowsOf(recording.output('systemctl-units').replaceAll('●', ' '))
    .filter(([, , state]) => state === 'active')
    .flatMap(([unit = '']) => serviceOfUnit(unit) ?? [])
  const wanted = Object.values(knownServices).flatMap(({ units }) =>
    units.map(name => (name.includes('.') ? name : `${name}.service`)),
  )
  return [
    {
      title: 'units of known services and their states are those of systemctl list-unit-files',
      found: sorted(facts.units.filter(({ unit }) => stateOf.has(unit)).map(({ unit, state }) => `${unit} ${state}`)),
      printed: sorted(wanted.filter(unit => stateOf.has(unit)).map(unit => `${unit} ${stateOf.get(unit)}`)),
    },
    {
      title: 'running services are those of systemctl list-units',
      found: sorted(facts.known.filter(({ running }) => running).map(({ name }) => name)),
      printed: sorted(new Set(active)),
    },
    {
      title: 'what is enabled starts at boot, and what is masked does not',
      found: listed.flatMap(([unit = '', state = '']) => {
        if (!['enabled', 'masked'].includes(state) || otherwiseEnabled.includes(unit)) return []
        return facts.startedAtBoot.includes(unit) === (state === 'enabled') ? [] : [`${unit} ${state}`]
      }),
      printed: [],
    },
    {
      title: 'failed units are those of systemctl --failed',
      found: facts.failedUnits,
      printed: recording.has('systemctl-failed')
        ? rowsOf(recording.output('systemctl-failed')).map(([unit]) => unit)
        : [],
    },
  ]
}

export function compareAudit(recording: Recording): readonly Comparison[] {
  const facts = recording.facts<AuditFacts>('audit')
  const printed = linesOf(recording.output('auditctl-rules')).filter(line => line !== 'No rules')
  const status = new Map(rowsOf(recording.output('auditctl-status')).map(([name, value]) => [name, Number(value)]))
  return [
    {
      title: 'as many rules are loaded as auditctl -l prints',
      found: facts.rules.filter(({ loaded }) => loaded).length,
      printed: new Set(printed).size,
    },
    {
      title: 'watches are those of auditctl -l',
      found: sorted(facts.rules.flatMap(({ rule, loaded }) => (loaded && rule.startsWith('-w') ? [rule] : []))),
      printed: sorted(printed.filter(line => line.startsWith('-w'))),
    },
    {
      title: 'the state of the kernel is that of auditctl -s',
      found: [facts.kernel?.enabled, facts.kernel?.failure, facts.kernel?.backlogLimit],
      printed: ['enabled', 'failure', 'backlog_limit'].map(name => status.get(name)),
    },
  ]
}

export function comparePackages(recording: Recording): readonly Comparison[] {
  const { packages = [] } = recording.facts<PackagesFacts>('packages')
  const listed = linesOf(recording.output('dpkg-query')).map(line => line.split('\t'))
  return [
    {
      title: 'installed packages and their versions are those of dpkg-query',
      found: sorted(packages.map(({ name, version, architecture }) => [name, version, architecture].join(' '))),
      printed: sorted(listed.map(([name, version, , architecture]) => [name, version, architecture].join(' '))),
    },
  ]
}

export function compareHost(recording: Recording): readonly Comparison[] {
  const { hostname, kernel, os } = recording.facts<HostFacts>('host')
  const said = JSON.parse(recording.output('hostnamectl')) as Record<string, string>
  return [
    {
      title: 'name, kernel and release are those of uname and hostnamectl',
      found: [`Linux ${hostname} ${kernel?.release} ${kernel?.version} ${kernel?.architecture} GNU/Linux`, os?.name],
      printed: [recording.output('uname').trim(), said['OperatingSystemPrettyName']],
    },
  ]
}
