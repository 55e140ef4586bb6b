// Graceful shutdown: the first SIGTERM or SIGINT aborts, the second ends the process at once.

export interface Shutdown {
  readonly signal: AbortSignal
  /** stops listening for signals */
  dispose(): void
}

/** @param exit called with 128 + signal number when a second signal arrives before the process ended */
export function onShutdown(exit: (code: number) => void): Shutdown {
  const controller = new AbortController()
  const numbers = { SIGINT: 2, SIGTERM: 15 } as const
  const handlers = (Object.keys(numbers) as (keyof typeof numbers)[]).map(name => {
    const handler = () => {
      if (controller.signal.aborted) exit(128 + numbers[name])
      else controller.abort(name)
    }
    process.on(name, handler)
    return { name, handler }
  })
  return {
    signal: controller.signal,
    dispose: () => {
      for (const { name, handler } of handlers) process.off(name, handler)
    },
  }
}

/** Calls back on SIGHUP, by which a program is asked to read its configuration again. */
export function onReload(reload: () => void): Pick<Shutdown, 'dispose'> {
  process.on('SIGHUP', reload)
  return { dispose: () => void process.off('SIGHUP', reload) }
}
