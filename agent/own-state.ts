// Where this process keeps what is its own, for the few places that nobody tells.
import { defaultStateDirectory } from './places.ts'

let directory = defaultStateDirectory

/** The agent's own directory. It need not be there. */
export const ownStateDirectory = (): string => directory

/** An agent that stays says once where its directory is. */
export function keepStateIn(path: string): void {
  directory = path
}
