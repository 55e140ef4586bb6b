// What collectors on one database tell each other, and themselves.

export type Signal =
  /** something was written that people want to see, drift among it */
  | { readonly kind: 'committed' }
  /** whoever holds the stream of that host is to ask its agent */
  | { readonly kind: 'rescan'; readonly host: number; readonly requestId: string; readonly facets: readonly string[] }
  /** streams of hosts that may not speak any more are to end */
  | { readonly kind: 'standing' }
  /** waivers are others now, or another policy is in force */
  | { readonly kind: 'policy' }
  /** whoever has the policy in force is to judge these */
  | { readonly kind: 'unjudged'; readonly hosts: readonly number[] }
  /** signals may have been missed: look at everything again */
  | { readonly kind: 'missed' }

export interface Signals {
  /** @returns what ends it */
  listen(listener: (signal: Signal) => void): () => void
  /** to every collector on this database, this one included; nobody is told twice of what nobody was told */
  tell(signal: Signal): Promise<void>
}

export interface LocalSignals extends Signals {
  deliver(signal: Signal): void
}

/** Within one process. */
export function localSignals(): LocalSignals {
  const listeners = new Set<(signal: Signal) => void>()
  const deliver = (signal: Signal) => {
    for (const listener of [...listeners]) listener(signal)
  }
  return {
    deliver,
    listen(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    tell: async signal => deliver(signal),
  }
}

const kinds = ['committed', 'rescan', 'standing', 'policy', 'unjudged'] as const satisfies readonly Signal['kind'][]

/** @returns undefined for a text of another program or version */
export function parseSignal(text: string): Signal | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined
  const kind = kinds.find(name => name === value.kind)
  if (kind === 'rescan') return rescanOf(value)
  if (kind !== 'unjudged') return kind && { kind }
  const { hosts } = value as Readonly<Record<string, unknown>>
  return Array.isArray(hosts) ? { kind, hosts: hosts.filter(Number.isSafeInteger) } : undefined
}

function rescanOf(value: object): Signal | undefined {
  const { host, requestId, facets } = value as Readonly<Record<string, unknown>>
  const isComplete = typeof host === 'number' && typeof requestId === 'string' && Array.isArray(facets)
  return isComplete ? { kind: 'rescan', host, requestId, facets: facets.map(String) } : undefined
}
