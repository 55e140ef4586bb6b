// Reads how journald keeps the journal.
import type { Journald, ServicesFacts } from '../../proto/facets/services.ts'
import type { Host } from '../host/host.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { listDirective } from '../parse/systemd-unit.ts'
import type { Gaps } from '../probe.ts'
import { readSystemdConf } from './read-systemd-conf.ts'

const journal = '/var/log/journal'
const storages: readonly string[] = ['volatile', 'persistent', 'auto', 'none'] satisfies Journald['storage'][]

/** Undefined, with a gap, when a file that may say something else cannot be read. */
export async function readJournald(host: Host, gaps: Gaps): Promise<ServicesFacts['journald']> {
  const { files, malformed, failures } = await readSystemdConf(host, 'journald.conf')
  for (const { path, lines } of malformed) noteMalformedLines(gaps, 'journald', 'incomplete', path, lines)
  for (const failure of failures) gaps.note('journald', 'omitted', failure)
  if (failures.length > 0) return undefined
  // An assignment that journald does not understand changes nothing.
  const last = (key: string, isValid: (value: string) => boolean) =>
    listDirective(files, 'Journal', key).findLast(isValid) ?? ''
  const storage = (last('Storage', value => storages.includes(value)) || 'auto') as Journald['storage']
  const forward = booleanOf(last('ForwardToSyslog', value => booleanOf(value) !== undefined))
  const persistent = await isPersistent(host, storage, gaps)
  return {
    storage,
    ...(persistent !== undefined && { persistent }),
    compress: booleanOf(last('Compress', value => booleanOf(value) !== undefined || /^\d/.test(value))) ?? true,
    forwardToSyslog: forward === undefined ? 'default' : forward ? 'yes' : 'no',
  }
}

async function isPersistent(host: Host, storage: Journald['storage'], gaps: Gaps): Promise<boolean | undefined> {
  if (storage !== 'auto') return storage === 'persistent'
  const stat = await host.stat(journal)
  if (stat.state === 'present') return stat.value.kind === 'directory'
  if (stat.state === 'absent') return false
  gaps.note('journald.persistent', 'omitted', stat)
  return undefined
}

/** parse_boolean of systemd; undefined for anything else, such as a size. */
function booleanOf(value: string): boolean | undefined {
  if (/^(?:1|yes|y|true|t|on)$/i.test(value)) return true
  return /^(?:0|no|n|false|f|off)$/i.test(value) ? false : undefined
}
