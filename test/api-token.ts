// An API token of a running collector, made as its administrator makes it.
import { runBin } from './run-bin.ts'

/** @returns the header that shows it */
export async function apiTokenHeader(dataDirectory: string, role = 'admin', more: readonly string[] = []) {
  const args = ['api-token', 'create', '--role', role, '--data-dir', dataDirectory, ...more]
  const { code, stdout, stderr } = await runBin('collector', args)
  if (code !== 0) throw new Error(`api-token create: ${stderr}`)
  return { authorization: `Bearer ${stdout.trim()}` }
}
