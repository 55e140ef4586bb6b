// Lengths of time as people write them.

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `30m`, `12h`, `7d` → milliseconds. @returns undefined for anything else */
export function parseDuration(text: string): number | undefined {
  const match = /^(?<count>\d{1,6})(?<unit>[smhd])$/.exec(text)
  return match ? Number(match.groups?.['count']) * units[match.groups?.['unit'] as keyof typeof units] : undefined
}
