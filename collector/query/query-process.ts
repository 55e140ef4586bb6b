// What the processes that ask the fleet are for those who ask them.
import type { ProgramAnswer } from '../../runtime/line-process.ts'

/** A process that is asked and answers in lines; see `LineProcess`. */
export interface QueryProcess {
  ask(value: unknown): void
  next(timeoutMs: number): Promise<ProgramAnswer>
  end(): void
}
