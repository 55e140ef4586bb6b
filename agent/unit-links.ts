// Tells from links on disk whether a service starts at boot: systemd units, SysV scripts and OpenRC runlevels.
import type { Failure, Host, Outcome } from './host/host.ts'

/** Unit directories by precedence (systemd.unit(5)); /run is empty at boot and has no say. */
const unitDirectories = [
  '/etc/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
] as const

/** Runlevels that systemd-sysv-generator and sysvinit start services in. */
const runlevels = ['rcS.d', 'rc2.d', 'rc3.d', 'rc4.d', 'rc5.d'] as const
const openrcRunlevels = ['sysinit', 'boot', 'default'] as const

/** Targets that a boot does not pass through: a link there starts nothing at boot. */
const notBoot =
  /^(shutdown|reboot|poweroff|halt|kexec|soft-reboot|final|umount|exit|rescue|emergency|sleep|suspend|hibernate|hybrid-sleep|suspend-then-hibernate)\.target$/

/**
 * Whether a service is linked to start at boot: wanted or required by a unit and not masked, or, where it has no unit
 * of its own, started by a SysV runlevel or an OpenRC one. Equals `systemctl is-enabled` saying enabled or static with a
 * shipped link.
 *
 * @param name service name such as `ufw`, or a unit name with its type such as `docker.socket`
 * @returns present with true or false; a failure (never `absent`) when a directory that could say so cannot be read
 */
export async function isEnabledAtBoot(host: Host, name: string): Promise<Outcome<boolean>> {
  const unit = /\.(service|socket|timer|path|target|mount)$/.test(name) ? name : `${name}.service`
  const failures: Failure[] = []
  const definition = await findUnit(host, unit, failures)
  if (definition === 'masked') return answer(unit, false)
  if (await isWanted(host, unit, failures)) return answer(unit, true)
  if (definition === 'none' && (await hasRunlevelLink(host, unit.replace(/\.service$/, ''), failures))) {
    return answer(unit, true)
  }
  return failures[0] ?? answer(unit, false)
}

const answer = (unit: string, value: boolean): Outcome<boolean> => ({ state: 'present', path: unit, value })

/** The unit file of highest precedence; one that is empty or links to /dev/null masks the unit. */
async function findUnit(host: Host, unit: string, failures: Failure[]): Promise<'masked' | 'found' | 'none'> {
  const file = unit.replace(/@[^.]+\./, '@.')
  for (const directory of unitDirectories) {
    const path = `${directory}/${file}`
    const entry = await host.stat(path, { follow: false })
    if (entry.state !== 'present') {
      note(failures, entry)
      continue
    }
    if (entry.value.kind === 'symlink') return (await isNullLink(host, path)) ? 'masked' : 'found'
    return entry.value.kind === 'file' && entry.value.sizeBytes === 0 ? 'masked' : 'found'
  }
  return 'none'
}

/** A link in `*.wants` counts; one to /dev/null takes away the same link of a later directory. */
async function isWanted(host: Host, unit: string, failures: Failure[]): Promise<boolean> {
  const withdrawn = new Set<string>()
  for (const directory of unitDirectories) {
    const entries = await host.list(directory)
    if (entries.state !== 'present') {
      note(failures, entries)
      continue
    }
    for (const { name, kind } of entries.value) {
      const owner = /^(.+)\.(?:wants|requires|upholds)$/.exec(name)?.[1]
      if (kind === 'file' || owner === undefined || notBoot.test(owner) || withdrawn.has(name)) continue
      const link = `${directory}/${name}/${unit}`
      const entry = await host.stat(link, { follow: false })
      if (entry.state !== 'present') note(failures, entry)
      else if (entry.value.kind === 'symlink' && (await isNullLink(host, link))) withdrawn.add(name)
      else return true
    }
  }
  return false
}

/** `/etc/rc2.d/S01ufw`, the same under /etc/rc.d (Red Hat), or `/etc/runlevels/default/ufw` (OpenRC). */
async function hasRunlevelLink(host: Host, service: string, failures: Failure[]): Promise<boolean> {
  for (const runlevel of runlevels.flatMap(name => [`/etc/${name}`, `/etc/rc.d/${name}`])) {
    const entries = await host.list(runlevel)
    if (entries.state !== 'present') note(failures, entries)
    else if (entries.value.some(({ name }) => /^S\d\d/.test(name) && name.slice(3) === service)) return true
  }
  for (const runlevel of openrcRunlevels) {
    const link = await host.stat(`/etc/runlevels/${runlevel}/${service}`, { follow: false })
    if (link.state === 'present') return true
    note(failures, link)
  }
  return false
}

async function isNullLink(host: Host, path: string): Promise<boolean> {
  const target = await host.readLink(path)
  return target.state === 'present' && target.value === '/dev/null'
}

function note(failures: Failure[], failure: Failure): void {
  if (failure.state !== 'absent') failures.push(failure)
}
