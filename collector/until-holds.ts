// Waits until something holds, which is asked now and after every transaction.

export function untilHolds(
  committed: Set<() => void>,
  condition: () => Promise<boolean>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const ask = () => void condition().then(holds => holds && resolve(), reject)
  const onAbort = () => reject(signal?.reason)
  committed.add(ask)
  signal?.addEventListener('abort', onAbort, { once: true })
  ask()
  return promise.finally(() => {
    committed.delete(ask)
    signal?.removeEventListener('abort', onAbort)
  })
}
