// Probe of the audit trail: the daemon, the rules on disk and in the kernel, and what they record.
import { AuditFacet, type AuditFacts } from '../../proto/facets/audit.ts'
import { coverageRows } from '../audit/coverage-rows.ts'
import { daemonFile, isInstalled, readDaemonConf, readFileModes } from '../audit/read-daemon.ts'
import { type LoadedRules, readLoadedRules, readStatus } from '../audit/read-loaded.ts'
import { readRuleFiles, rulesDirectory, rulesFile } from '../audit/read-rule-files.ts'
import { ruleRows } from '../audit/rule-rows.ts'
import type { Host, Outcome } from '../host/host.ts'
import type { ProcessTable } from '../host/processes.ts'
import { noteMalformedLines } from '../malformed-lines.ts'
import { offline, unavailable } from '../no-answer.ts'
import type { AuditStatus } from '../parse/auditctl-status.ts'
import { parseProcCmdline } from '../parse/proc-cmdline.ts'
import { defineProbe, every, type Gaps, present, watch } from '../probe.ts'
import { runningServices } from '../services/running.ts'
import { isEnabledAtBoot } from '../unit-links.ts'

export const audit = defineProbe({
  facet: AuditFacet,
  triggers: [watch('/etc/audit', rulesDirectory, rulesFile, daemonFile), every(60_000)],
  async run(host, context) {
    const { gaps } = context
    const commandLine = await readCommandLine(host, gaps)
    const files = await readRuleFiles(host, gaps)
    const loaded = loadedOf(await readLoadedRules(host), commandLine, gaps)
    const status = statusOf(await readStatus(host), gaps)
    const daemon = await readDaemonConf(host, gaps)
    const installed = await isInstalled(host, gaps)
    const running = readRunning(host, await context.processes(), gaps)
    const boot = await isEnabledAtBoot(host, 'auditd')
    if (boot.state !== 'present') gaps.note('atBoot', 'omitted', boot)
    const configured = files?.rules.map(({ rule }) => rule)
    const hasTrail = installed !== false || configured?.length !== 0 || (loaded?.length ?? 0) > 0
    const facts = {
      ...(installed !== undefined && { installed }),
      ...(boot.state === 'present' && { atBoot: boot.value }),
      ...(running !== undefined && { running }),
      ...(commandLine && { commandLine }),
      ...(status && { kernel: kernelFacts(status) }),
      ...(daemon && { daemon }),
      ...(files && { source: files.source, rulesFileCurrent: files.rulesFileCurrent, settings: { ...files.settings } }),
      rules: [...(await ruleRows(host, files?.rules, loaded, gaps))],
      coverage: hasTrail ? [...(await coverageRows(host, configured, loaded, gaps))] : [],
      files: [...(await readFileModes(host, files?.paths ?? [], daemon?.logFile, gaps))],
    }
    return present(facts, { lost: status?.lost ?? -1, backlog: status?.backlog ?? -1 })
  },
})

async function readCommandLine(host: Host, gaps: Gaps): Promise<AuditFacts['commandLine']> {
  const path = '/proc/cmdline'
  const text = host.live ? unavailableIfAbsent(await host.readText(path)) : offline(path)
  if (text.state !== 'present') {
    gaps.note('commandLine', 'omitted', text)
    return undefined
  }
  const value = parseProcCmdline(text.value).findLast(({ name }) => name === 'audit')?.value
  if (value === undefined) return 'unset'
  return value === '0' || value === 'off' ? 'off' : 'on'
}

const unavailableIfAbsent = <T>(outcome: Outcome<T>): Outcome<T> =>
  outcome.state === 'absent' ? unavailable(outcome) : outcome

function loadedOf(loaded: Outcome<LoadedRules>, commandLine: AuditFacts['commandLine'], gaps: Gaps) {
  if (loaded.state === 'present') {
    noteMalformedLines(gaps, 'rules', 'incomplete', loaded.path, loaded.value.malformed)
    noteMalformedLines(gaps, 'coverage', 'incomplete', loaded.path, loaded.value.malformed)
    return loaded.value.rules
  }
  // A kernel that was told to do without holds no rules. (An offline root has no kernel, so that nothing lacks.)
  if (commandLine === 'off') return []
  for (const field of ['rules.loaded', 'coverage.loaded', 'coverage.notLoaded']) gaps.note(field, 'omitted', loaded)
  if (loaded.detail !== 'offline root') gaps.note('rules', 'incomplete', loaded)
  return undefined
}

function statusOf(status: Outcome<AuditStatus>, gaps: Gaps): AuditStatus | undefined {
  if (status.state === 'present') return status.value
  gaps.note('kernel', 'omitted', status)
  return undefined
}

function kernelFacts({ enabled, failure, backlogLimit }: AuditStatus): AuditFacts['kernel'] {
  return { enabled, failure, backlogLimit }
}

function readRunning(host: Host, table: ProcessTable, gaps: Gaps): boolean | undefined {
  if (!host.live) {
    gaps.note('running', 'omitted', offline('/proc'))
    return undefined
  }
  if (runningServices(table).onHost.has('auditd')) return true
  if (table.unreadable.count === 0) return false
  gaps.note('running', 'omitted', { state: 'unreadable', path: '/proc', detail: table.unreadable.detail })
  return undefined
}
