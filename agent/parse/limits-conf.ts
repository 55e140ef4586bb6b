// Parses limits.conf (limits.conf(5)): what it says about the size of memory dumps.

export interface CoreLimit {
  /** user, `@group`, `%group`, `*`, uid range as written */
  readonly domain: string
  readonly kind: 'soft' | 'hard' | 'both'
  /** KiB, -1 when unlimited */
  readonly sizeKib: number
}

export interface LimitsConf {
  readonly core: readonly CoreLimit[]
  /** numbers of the lines that pam_limits would pass over with a complaint, from 1 */
  readonly malformed: readonly number[]
}

const kinds: Readonly<Record<string, CoreLimit['kind']>> = { soft: 'soft', hard: 'hard', '-': 'both' }

/** `domain type item value`; a domain with `-` alone has no limits at all. */
export function parseLimitsConf(text: string): LimitsConf {
  const core: CoreLimit[] = []
  const malformed: number[] = []
  for (const [index, raw] of text.split('\n').entries()) {
    const line = (raw.split('#', 1)[0] ?? '').trim()
    if (line === '') continue
    const [domain = '', type = '', item, value, ...more] = line.split(/\s+/)
    const kind = Object.hasOwn(kinds, type.toLowerCase()) ? kinds[type.toLowerCase()] : undefined
    if (kind === 'both' && item === undefined) continue
    if (!kind || item === undefined || value === undefined || more.length > 0) {
      malformed.push(index + 1)
      continue
    }
    if (item.toLowerCase() !== 'core') continue
    const sizeKib = sizeOf(value.toLowerCase())
    if (sizeKib === undefined || !/^[\w*%@:.$+-]{1,64}$/.test(domain)) malformed.push(index + 1)
    else core.push({ domain, kind, sizeKib })
  }
  return { core, malformed }
}

function sizeOf(value: string): number | undefined {
  if (['-1', 'unlimited', 'infinity', '-'].includes(value)) return -1
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined
}
