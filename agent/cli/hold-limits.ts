// Ends the process in an orderly way, with an exit code of its own, when the agent is over its memory limit.
import type { SelfLimits } from '../health/self-limits.ts'

/** EX_TEMPFAIL of sysexits.h: whoever keeps the agent running is to start it again. */
export const overLimitExitCode = 75
/** An agent that has no memory left may not come to its end by itself. */
const longestEndMs = 20_000

/**
 * @param signal aborts when somebody else ends the agent
 * @returns a signal that aborts for both reasons, and when the limits are not looked at any more
 */
export function holdLimits(
  limits: Pick<SelfLimits, 'run'>,
  signal: AbortSignal,
  self: { exitCode?: number | string | null | undefined; readonly exit: (code: number) => void },
): { readonly signal: AbortSignal; readonly ended: Promise<void> } {
  const over = new AbortController()
  const either = AbortSignal.any([signal, over.signal])
  const ended = limits.run(either).then(isOver => {
    if (!isOver) return
    self.exitCode = overLimitExitCode
    setTimeout(() => self.exit(overLimitExitCode), longestEndMs).unref()
    over.abort()
  })
  return { signal: either, ended }
}
