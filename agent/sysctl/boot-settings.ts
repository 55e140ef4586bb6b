// Tells which of several assignments to kernel parameters is in force after boot, as systemd-sysctl and procps apply them.
import { isGlob, matchesGlob } from '../parse/glob.ts'
import type { SysctlAssignment } from '../parse/sysctl-d.ts'

export interface Setting {
  /** undefined: excluded from patterns, and set by nothing */
  readonly value: string | undefined
  /** file or /proc/cmdline */
  readonly path: string
  /** from 1 */
  readonly line: number
}

export interface BootSettings {
  /** paths below /proc/sys that an assignment names, patterns left out */
  readonly named: readonly string[]
  /** what sets the parameter at that path below /proc/sys; undefined when nothing does */
  of(path: string): Setting | undefined
}

export interface SettingsSource {
  readonly path: string
  readonly assignments: readonly SysctlAssignment[]
}

/**
 * Lays files over each other in their order: the last assignment of a name wins. A pattern is applied only to
 * parameters that no assignment names, and patterns in the order of the last assignment that changed their value.
 */
export function layBootSettings(files: readonly SettingsSource[]): BootSettings {
  const settings = new Map<string, Setting>()
  for (const { path: file, assignments } of files) {
    for (const { path, line, value } of assignments) {
      const earlier = settings.get(path)
      // The same value again keeps its place among the patterns; what people look for is the last line that says so.
      if (earlier?.value !== value) settings.delete(path)
      settings.set(path, { value, path: file, line })
    }
  }
  const patterns = [...settings].filter(([path]) => isGlob(path)).reverse()
  return {
    named: [...settings.keys()].filter(path => !isGlob(path)),
    of(path) {
      const own = settings.get(path)
      if (own) return own.value === undefined ? undefined : own
      return patterns.find(([pattern, { value }]) => value !== undefined && matchesPath(pattern, path))?.[1]
    },
  }
}

/** glob(3): a wildcard stays within its directory. */
function matchesPath(pattern: string, path: string): boolean {
  const wanted = pattern.split('/')
  const parts = path.split('/')
  return wanted.length === parts.length && wanted.every((glob, at) => matchesGlob(glob, parts[at] ?? ''))
}
