// Reads a configuration file of systemd's daemons with its drop-ins, as journald.conf(5) describes their order.
import { readDropIns } from '../drop-ins.ts'
import type { Failure, Host } from '../host/host.ts'
import { parseSystemdUnit, type UnitFile } from '../parse/systemd-unit.ts'

const directories = [
  '/etc/systemd',
  '/run/systemd',
  '/usr/local/lib/systemd',
  '/usr/lib/systemd',
  '/lib/systemd',
] as const

export interface SystemdConf {
  /** the main file, then drop-ins: later assignments win */
  readonly files: readonly UnitFile[]
  readonly malformed: readonly { readonly path: string; readonly lines: readonly number[] }[]
  readonly failures: readonly Failure[]
}

/** @param name such as `journald.conf`: the first that exists counts, then `journald.conf.d` of all directories */
export async function readSystemdConf(host: Host, name: string): Promise<SystemdConf> {
  const failures: Failure[] = []
  const texts: { path: string; text: string }[] = []
  for (const directory of directories) {
    const text = await host.readText(`${directory}/${name}`)
    if (text.state === 'absent') continue
    if (text.state === 'present') texts.push({ path: text.path, text: text.value })
    else failures.push(text)
    break
  }
  const dropIns = await readDropIns(
    host,
    directories.map(directory => `${directory}/${name}.d`),
    file => file.endsWith('.conf') && !file.startsWith('.'),
  )
  texts.push(...dropIns.files)
  const parsed = texts.map(({ path, text }) => ({ path, file: parseSystemdUnit(text) }))
  return {
    files: parsed.map(({ file }) => file),
    malformed: parsed.flatMap(({ path, file }) => (file.malformed.length > 0 ? [{ path, lines: file.malformed }] : [])),
    failures: [...failures, ...dropIns.failures],
  }
}
