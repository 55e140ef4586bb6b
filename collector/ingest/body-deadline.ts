// Bodies that were asked for have to come: others wait for the room that is kept for them.
import type { Clock } from '../../runtime/clock.ts'

export interface BodyDeadline {
  asked(sequence: number): void
  came(sequence: number): void
  close(): void
}

/** One timer per stream, however many bodies it owes. */
export function createBodyDeadline(
  { monotonic }: Clock,
  withinMs: number,
  onLate: (sequence: number) => void,
): BodyDeadline {
  /** sequence → when it was asked for, oldest first */
  const owed = new Map<number, number>()
  let timer: NodeJS.Timeout | undefined

  function look(): void {
    timer = undefined
    const [oldest] = owed
    if (!oldest) return
    const leftMs = oldest[1] + withinMs - monotonic()
    if (leftMs <= 0) onLate(oldest[0])
    else wait(leftMs)
  }

  function wait(ms: number): void {
    timer ??= setTimeout(look, ms).unref()
  }

  return {
    asked(sequence) {
      owed.set(sequence, monotonic())
      wait(withinMs)
    },
    came: sequence => void owed.delete(sequence),
    close() {
      owed.clear()
      clearTimeout(timer)
    },
  }
}
