// Reads the files of /etc/security that PAM modules take their settings from.
import type { AccountsFacts } from '../../proto/facets/accounts.ts'
import type { Host } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { parseAccessConf } from '../parse/access-conf.ts'
import { type CoreLimit, parseLimitsConf } from '../parse/limits-conf.ts'
import { type PamSettings, parsePamSettings, type SettingShapes } from '../parse/pam-settings.ts'
import type { Gaps } from '../probe.ts'

/** Where the file of a name may be: the first that is there counts. */
const securityDirectories = [
  '/etc/security',
  '/usr/lib/security',
  '/usr/etc/security',
  '/usr/lib/pam/security',
] as const
const maxFiles = 200

interface Wanted {
  /** name below /etc/security, or an absolute path */
  readonly name: string
  readonly shapes: SettingShapes
  /** dotted field that lacks when the file cannot be read */
  readonly field: string
}

/** undefined when one of the files is there and cannot be read or understood, which is then a gap; else the last wins. */
export async function readPamSettings(host: Host, gaps: Gaps, wanted: Wanted): Promise<PamSettings | undefined> {
  const { name, shapes, field } = wanted
  const own = name.startsWith('/') ? name : await firstThere(host, name)
  const dropIns = name === 'pwquality.conf' ? await listDropIns(host, gaps, [field], `/etc/security/${name}.d`) : []
  const values = new Map<string, number>()
  let complete = dropIns !== undefined
  // pwquality.conf itself is read behind its directory.
  for (const path of [...(dropIns ?? []), ...(own === undefined ? [] : [own])]) {
    const text = await host.readText(path)
    if (text.state === 'absent') continue
    if (text.state !== 'present') {
      gaps.note(field, 'omitted', text)
      complete = false
      continue
    }
    const file = parsePamSettings(text.value, shapes)
    noteMalformedLines(gaps, field, 'omitted', path, file.malformed)
    complete &&= file.malformed.length === 0
    for (const [key, value] of file.values) values.set(key, value)
  }
  return complete ? values : undefined
}

async function firstThere(host: Host, name: string): Promise<string | undefined> {
  for (const directory of securityDirectories) {
    if ((await host.stat(`${directory}/${name}`)).state !== 'absent') return `${directory}/${name}`
  }
  return undefined
}

/** Paths of its *.conf in their order; undefined when it cannot be listed, which is then a gap. */
async function listDropIns(
  host: Host,
  gaps: Gaps,
  fields: readonly string[],
  directory: string,
): Promise<readonly string[] | undefined> {
  const entries = await host.list(directory)
  if (entries.state === 'absent') return []
  if (entries.state !== 'present') {
    for (const field of fields) gaps.note(field, 'omitted', entries)
    return undefined
  }
  const names = entries.value.map(entry => entry.name).filter(name => name.endsWith('.conf'))
  if (names.length <= maxFiles) return names.map(name => `${directory}/${name}`)
  const detail = `over the limit of ${maxFiles} files`
  for (const field of fields) gaps.note(field, 'omitted', { state: 'tooLarge', path: directory, detail })
  return undefined
}

/** How large the memory dumps of users may become: limits.conf, then its directory. */
export async function readCoreLimits(host: Host, gaps: Gaps): Promise<Pick<AccountsFacts, 'coreLimits'>> {
  const own = await firstThere(host, 'limits.conf')
  const dropIns = await listDropIns(host, gaps, ['coreLimits'], '/etc/security/limits.d')
  const limits: CoreLimit[] = []
  let complete = dropIns !== undefined
  for (const path of [...(own === undefined ? [] : [own]), ...(dropIns ?? [])]) {
    const text = await host.readText(path)
    if (text.state === 'absent') continue
    if (text.state !== 'present') {
      gaps.note('coreLimits', 'omitted', text)
      complete = false
      continue
    }
    const file = parseLimitsConf(text.value)
    noteMalformedLines(gaps, 'coreLimits', 'omitted', path, file.malformed)
    complete &&= file.malformed.length === 0
    limits.push(...file.core)
  }
  return complete ? { coreLimits: coreLimitsOf(limits) } : {}
}

/** Of lines for the same domain and kind the last counts. */
function coreLimitsOf(limits: readonly CoreLimit[]): NonNullable<AccountsFacts['coreLimits']> {
  const hard = new Map(limits.filter(({ kind }) => kind !== 'soft').map(({ domain, sizeKib }) => [domain, sizeKib]))
  const looser = [...hard].filter(([domain, sizeKib]) => domain !== '*' && sizeKib !== 0)
  return { hardKib: hard.get('*') ?? -1, looser: looser.map(([domain]) => domain) }
}

/** How many rules access.conf has; those of the directory beside it count, too. */
export async function readAccessRules(host: Host, gaps: Gaps): Promise<Pick<AccountsFacts, 'accessRules'>> {
  const own = await firstThere(host, 'access.conf')
  const dropIns = await listDropIns(host, gaps, ['accessRules'], '/etc/security/access.d')
  let complete = dropIns !== undefined
  let accessRules = 0
  for (const path of [...(own === undefined ? [] : [own]), ...(dropIns ?? [])]) {
    const text = await host.readText(path)
    if (text.state === 'absent') continue
    if (text.state !== 'present') {
      gaps.note('accessRules', 'omitted', text)
      complete = false
      continue
    }
    const file = parseAccessConf(text.value)
    noteMalformedLines(gaps, 'accessRules', 'omitted', path, file.malformed)
    complete &&= file.malformed.length === 0
    accessRules += file.rules
  }
  return complete ? { accessRules } : {}
}
