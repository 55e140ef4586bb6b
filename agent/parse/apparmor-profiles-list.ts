// Parses /sys/kernel/security/apparmor/profiles, and labels as /proc/PID/attr/apparmor/current shows them.

export const apparmorModes = ['enforce', 'complain', 'kill', 'unconfined', 'prompt', 'mixed', 'unknown'] as const
export type AppArmorMode = (typeof apparmorModes)[number]

export interface LoadedProfile {
  /** with children as `parent//child` and namespaces as `:ns://name`; blanks and parentheses may stand in it */
  readonly name: string
  readonly mode: AppArmorMode
}

/** One profile per line, `name (mode)`, each once. A line without a mode is no profile. */
export function parseProfilesList(text: string): readonly LoadedProfile[] {
  const profiles = new Map<string, LoadedProfile>()
  for (const line of text.split('\n')) {
    const profile = parseLabel(line)
    if (profile && profile.mode !== undefined) profiles.set(profile.name, { name: profile.name, mode: profile.mode })
  }
  return [...profiles.values()]
}

export interface ProcessLabel {
  readonly name: string
  /** undefined for `unconfined`, which is no profile and has no mode */
  readonly mode: AppArmorMode | undefined
}

/** `name (mode)`, or `unconfined`; undefined for anything else, such as the context of another security module. */
export function parseLabel(text: string): ProcessLabel | undefined {
  const label = text.replace(/[\0\n]+$/, '')
  if (label === 'unconfined') return { name: label, mode: undefined }
  const open = label.lastIndexOf(' (')
  if (open <= 0 || !label.endsWith(')')) return undefined
  const written = label.slice(open + 2, -1)
  if (!/^[a-z]{1,32}$/.test(written)) return undefined
  return { name: label.slice(0, open), mode: apparmorModes.find(mode => mode === written) ?? 'unknown' }
}
