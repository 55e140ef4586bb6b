// Turns resolved keywords of sshd into the settings of the facet, with a gap for each that is not known.
import type { SshFacts, SshSettings } from '../../proto/facets/ssh.ts'
import type { Gaps } from '../probe.ts'
import type { Effective, EffectiveSettings, Obstacle } from './effective-settings.ts'
import type { Configuration } from './read-configuration.ts'

type Field = keyof SshSettings
type Kind = 'flag' | 'int' | 'text' | 'list' | 'count' | 'ints' | 'startups'

/** Keyword in small letters and shape by field. */
const fields: Readonly<Record<Field, readonly [keyword: string, kind: Kind]>> = {
  permitRootLogin: ['permitrootlogin', 'text'],
  passwordAuthentication: ['passwordauthentication', 'flag'],
  kbdInteractiveAuthentication: ['kbdinteractiveauthentication', 'flag'],
  pubkeyAuthentication: ['pubkeyauthentication', 'flag'],
  hostbasedAuthentication: ['hostbasedauthentication', 'flag'],
  gssapiAuthentication: ['gssapiauthentication', 'flag'],
  kerberosAuthentication: ['kerberosauthentication', 'flag'],
  authenticationMethods: ['authenticationmethods', 'list'],
  permitEmptyPasswords: ['permitemptypasswords', 'flag'],
  usePAM: ['usepam', 'flag'],
  ignoreRhosts: ['ignorerhosts', 'text'],
  ignoreUserKnownHosts: ['ignoreuserknownhosts', 'flag'],
  strictModes: ['strictmodes', 'flag'],
  permitUserEnvironment: ['permituserenvironment', 'text'],
  permitUserRC: ['permituserrc', 'flag'],
  x11Forwarding: ['x11forwarding', 'flag'],
  x11UseLocalhost: ['x11uselocalhost', 'flag'],
  allowTcpForwarding: ['allowtcpforwarding', 'text'],
  allowStreamLocalForwarding: ['allowstreamlocalforwarding', 'text'],
  allowAgentForwarding: ['allowagentforwarding', 'flag'],
  disableForwarding: ['disableforwarding', 'flag'],
  permitTunnel: ['permittunnel', 'text'],
  gatewayPorts: ['gatewayports', 'text'],
  clientAliveIntervalSeconds: ['clientaliveinterval', 'int'],
  clientAliveCountMax: ['clientalivecountmax', 'int'],
  loginGraceTimeSeconds: ['logingracetime', 'int'],
  maxAuthTries: ['maxauthtries', 'int'],
  maxSessions: ['maxsessions', 'int'],
  maxStartups: ['maxstartups', 'startups'],
  logLevel: ['loglevel', 'text'],
  banner: ['banner', 'text'],
  allowUsers: ['allowusers', 'count'],
  denyUsers: ['denyusers', 'count'],
  allowGroups: ['allowgroups', 'count'],
  denyGroups: ['denygroups', 'count'],
  authorizedKeysFile: ['authorizedkeysfile', 'list'],
  ciphers: ['ciphers', 'list'],
  macs: ['macs', 'list'],
  kexAlgorithms: ['kexalgorithms', 'list'],
  hostKeyAlgorithms: ['hostkeyalgorithms', 'list'],
  pubkeyAcceptedAlgorithms: ['pubkeyacceptedalgorithms', 'list'],
  caSignatureAlgorithms: ['casignaturealgorithms', 'list'],
  addressFamily: ['addressfamily', 'text'],
  ports: ['port', 'ints'],
  listenAddresses: ['listenaddress', 'list'],
}

export function settingFacts({ settings, obstacles }: EffectiveSettings, gaps: Gaps): SshSettings {
  const facts: Record<string, unknown> = {}
  for (const [field, [keyword, kind]] of Object.entries(fields)) {
    const found = settings.get(keyword)
    if (found) facts[field] = fact(found, kind)
    else noteObstacle(gaps, `settings.${field}`, obstacles.get(keyword))
  }
  return facts as SshSettings
}

export function noteObstacle(gaps: Gaps, field: string, obstacle: Obstacle | undefined): void {
  if (!obstacle || obstacle.state === 'absent') return
  gaps.add({ field, effect: 'omitted', source: obstacle.path, state: obstacle.state, detail: obstacle.detail })
}

function fact({ values, source, origin }: Effective, kind: Kind): object {
  const [first = ''] = values
  switch (kind) {
    case 'flag':
      return { value: first === 'yes', source, origin }
    case 'int':
      return { value: Number(first), source, origin }
    case 'text':
      return { value: first, source, origin }
    case 'count':
      return { value: values.length, source, origin }
    case 'ints':
      return { value: values.map(Number), source, origin }
    case 'list':
      return { value: [...values], source, origin }
    case 'startups': {
      const [start = 0, rate = 0, full = 0] = first.split(':').map(Number)
      return { start, rate, full, source, origin }
    }
  }
}

/** Values that say how somebody logs in, never names of users, commands or paths. */
const shownInMatch = new Set(
  Object.values(fields)
    .filter(([, kind]) => kind === 'flag' || kind === 'int' || kind === 'text')
    .map(([keyword]) => keyword)
    .filter(keyword => keyword !== 'banner' && keyword !== 'permituserenvironment'),
).add('authenticationmethods')

/** Rows of Match blocks. The first line that sets a keyword decides, as outside of blocks. */
export function matchFacts({ blocks, directives }: Configuration): SshFacts['matches'] {
  const byCriteria = Map.groupBy(directives, ({ criteria }) => criteria)
  return [...blocks].map(([criteria, others]) => {
    const settings = new Map<string, SshFacts['matches'][number]['settings'][number]>()
    for (const { name, values, origin } of byCriteria.get(criteria) ?? []) {
      const value = shownInMatch.has(name) ? (values ?? []).join(' ') : ''
      if (!settings.has(name)) settings.set(name, { keyword: name, value, origin })
    }
    for (const keyword of others) settings.set(keyword, { keyword, value: '', origin: '' })
    return { criteria, settings: [...settings.values()] }
  })
}
