// Runs the programs that show the kernel's packet filter, with their refusals told apart.
import type { Failure, Host, Outcome } from '../host/host.ts'
import { type IptablesDump, parseIptablesSave } from '../parse/iptables-save.ts'
import { type NftRuleset, parseNftRuleset } from '../parse/nft-ruleset.ts'

export type Family = 'ip' | 'ip6'

/** A rule set of 40 000 rules is about 16 MiB of JSON; more would cost the agent its memory. */
const limits = { timeoutMs: 6000, maxOutputBytes: 16 * 1024 * 1024 } as const

export async function runNft(host: Host): Promise<Outcome<NftRuleset>> {
  const output = await runPlain(host, 'nft', ['-j', 'list', 'ruleset'])
  if (output.state !== 'present') return output
  const value = parseNftRuleset(output.value)
  return value ? { ...output, value } : { state: 'unavailable', path: output.path, detail: 'its JSON cannot be read' }
}

/** @param legacy the program that shows only what the old kernel interface holds */
export async function runIptablesSave(host: Host, family: Family, legacy: boolean): Promise<Outcome<IptablesDump>> {
  const command = `${family === 'ip' ? 'iptables' : 'ip6tables'}${legacy ? '-legacy' : ''}-save`
  const output = await runPlain(host, command, [])
  return output.state === 'present' ? { ...output, value: parseIptablesSave(output.value, family) } : output
}

async function runPlain(host: Host, command: string, args: readonly string[]): Promise<Outcome<string>> {
  const result = await host.run({ command, args, ...limits })
  // A program that is not there leaves the rule set unknown.
  if (result.state === 'absent') return { state: 'unavailable', path: result.path, detail: result.detail }
  if (result.state !== 'present') return result
  const { exitCode, stdout, stderr } = result.value
  if (exitCode === 0) return { ...result, value: stdout }
  return failed(result.path, exitCode, stderr)
}

/** These programs tell a lack of rights only by their words; locale C fixes them. */
function failed(path: string, exitCode: number, stderr: string): Failure {
  const denied = /Operation not permitted|Permission denied/.test(stderr)
  return denied
    ? { state: 'unreadable', path, detail: 'EPERM, CAP_NET_ADMIN would help' }
    : { state: 'unavailable', path, detail: `exit code ${exitCode}` }
}
