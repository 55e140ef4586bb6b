// Parses what `systemctl list-units --all --no-pager --plain --no-legend` prints.

export interface ListedUnit {
  readonly unit: string
  /** loaded, not-found, masked, error, … */
  readonly load: string
  /** active, inactive, failed, activating, … */
  readonly active: string
  /** running, exited, listening, waiting, dead, … */
  readonly sub: string
}

/** Unit names hold no blanks: systemd escapes them. Older versions put a bullet before units that failed. */
export function parseSystemctlUnits(text: string): readonly ListedUnit[] {
  const units: ListedUnit[] = []
  for (const line of text.split('\n')) {
    const [, unit, load, active, sub] =
      /^[ \t]*(?:[●*×○][ \t]+)?(\S+\.[a-z]+)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)/.exec(line) ?? []
    if (unit && load && active && sub) units.push({ unit, load, active, sub })
  }
  return units
}
