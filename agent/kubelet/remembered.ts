// Keeps what a port answered, so that it is asked again only when something changed or some time has passed.

interface Remembered<T> {
  readonly fingerprint: string
  readonly askedAtMs: number
  readonly answer: T
}

/** @param maxAgeMs older answers, and those from the future, are asked for again */
export async function remembered<T>(
  memory: Map<string, unknown>,
  key: string,
  { fingerprint, nowMs, maxAgeMs }: { readonly fingerprint: string; readonly nowMs: number; readonly maxAgeMs: number },
  ask: () => Promise<T>,
): Promise<T> {
  const before = memory.get(key) as Remembered<T> | undefined
  const age = before === undefined ? -1 : nowMs - before.askedAtMs
  if (before?.fingerprint === fingerprint && age >= 0 && age < maxAgeMs) return before.answer
  const answer = await ask()
  memory.set(key, { fingerprint, askedAtMs: nowMs, answer } satisfies Remembered<T>)
  return answer
}
