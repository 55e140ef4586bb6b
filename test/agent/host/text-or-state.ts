// Reads a file of a host for tests that compare many answers.
import type { Host } from '../../../agent/host/host.ts'

/** Content of the file, or why there is none. */
export const textOrState = async (host: Host, path: string) => {
  const outcome = await host.readText(path)
  return outcome.state === 'present' ? outcome.value : outcome.state
}
