// Asks the running kernel for its audit rules and state, by auditctl.
import type { Host, Outcome } from '../host/host.ts'
import { offline } from '../no-answer.ts'
import { type AuditRule, parseLoadedRules } from '../parse/audit-rules.ts'
import { type AuditStatus, parseAuditctlStatus } from '../parse/auditctl-status.ts'

export interface LoadedRules {
  readonly rules: readonly AuditRule[]
  /** numbers of printed lines that are not understood, from 1 */
  readonly malformed: readonly number[]
}

export async function readLoadedRules(host: Host): Promise<Outcome<LoadedRules>> {
  const output = await runAuditctl(host, '-l')
  if (output.state !== 'present') return output
  const lines = parseLoadedRules(output.value)
  const rules = lines.flatMap(line => (line.kind === 'rule' ? [line.rule] : []))
  const malformed = lines.flatMap(line => (line.kind === 'rule' ? [] : [line.line]))
  return { ...output, value: { rules, malformed } }
}

export async function readStatus(host: Host): Promise<Outcome<AuditStatus>> {
  const output = await runAuditctl(host, '-s')
  if (output.state !== 'present') return output
  const value = parseAuditctlStatus(output.value)
  return value ? { ...output, value } : { state: 'unavailable', path: output.path, detail: 'its output cannot be read' }
}

/** What auditctl prints in a user namespace, and where the kernel was booted without auditing. */
const disabled = /^The audit system is disabled/m

async function runAuditctl(host: Host, option: '-l' | '-s'): Promise<Outcome<string>> {
  const path = `auditctl ${option}`
  if (!host.live) return offline(path)
  const result = await host.run({ command: 'auditctl', args: [option], maxOutputBytes: 4 * 1024 * 1024 })
  // Without the program the kernel's rules stay unknown.
  if (result.state === 'absent') return { state: 'unavailable', path, detail: result.detail }
  if (result.state !== 'present') return result
  const { exitCode, stdout, stderr } = result.value
  if (/must be root|Operation not permitted/.test(stderr + stdout.slice(0, 200))) {
    return { state: 'unreadable', path, detail: 'EPERM, needs CAP_AUDIT_CONTROL in the first process namespace' }
  }
  if (disabled.test(stderr) || disabled.test(stdout)) {
    return { state: 'unavailable', path, detail: 'the kernel says that auditing is disabled' }
  }
  if (exitCode !== 0) return { state: 'unavailable', path, detail: `exit code ${exitCode}` }
  return { state: 'present', path, value: stdout }
}
