// Judges a host by controls files: finds what their variables stand for, evaluates their audits, decides their checks.
import type {
  AuditOutcome,
  Controls,
  ControlsCheck,
  ControlsGroup,
  ControlsResult,
  Reading,
} from '../../policy/controls/controls.ts'
import { judgeCheck, judgeUnasked } from '../../policy/controls/judge-check.ts'
import { type ControlsSettings, componentsOf } from '../../policy/controls/settings.ts'
import { onlyProgram, substitute } from '../../policy/controls/substitute.ts'
import { readAccountNames } from '../files/account-names.ts'
import type { Host } from '../host/host.ts'
import { findVariables } from './find-variables.ts'
import { type AuditProcess, readAuditProcesses } from './processes.ts'
import type { AuditWorld } from './program.ts'
import { runAudit } from './run-audit.ts'
import { UnansweredAudit } from './script.ts'

export interface JudgedControls {
  readonly controls: Controls
  readonly groups: readonly { readonly group: ControlsGroup; readonly results: readonly ControlsResult[] }[]
  /** components that must run and do not; then nothing was judged, unless it was asked for */
  readonly missing: readonly string[]
}

export interface ControlsRequest {
  readonly controls: Controls
  readonly settings: ControlsSettings
  /** judged even where its components do not run */
  readonly insist: boolean
}

type World = Pick<AuditWorld, 'host' | 'processes' | 'accounts'>

/** @param wanted ids of checks or groups, undefined for all */
export async function judgeControls(
  host: Host,
  requests: readonly ControlsRequest[],
  reading: Reading,
  wanted: readonly string[] | undefined,
): Promise<readonly JudgedControls[]> {
  const world: World = { host, processes: once(() => readAuditProcesses(host)), accounts: once(() => accountsOf(host)) }
  const processes = await world.processes().catch(unknownProcesses)
  const audits = new Map<string, Promise<AuditOutcome>>()
  const run = (script: string) => {
    const known = audits.get(script) ?? runAudit(script, world)
    audits.set(script, known)
    return known
  }
  const judged: JudgedControls[] = []
  for (const request of requests) judged.push(await judgeFile(request, world, processes, run, reading, wanted))
  return judged
}

function unknownProcesses(error: unknown): undefined {
  if (!(error instanceof UnansweredAudit)) throw error
}

async function judgeFile(
  { controls, settings, insist }: ControlsRequest,
  { host }: World,
  processes: readonly AuditProcess[] | undefined,
  run: (script: string) => Promise<AuditOutcome>,
  reading: Reading,
  wanted: readonly string[] | undefined,
): Promise<JudgedControls> {
  const components = componentsOf(controls.type, settings)
  const { variables, missing } = await findVariables(host, components, processes, reading)
  const isSkipped = !insist && missing.length > 0 && ['master', 'etcd', 'controlplane'].includes(controls.type)
  const program = onlyProgram(controls, variables)
  const ready = substitute(controls, variables)
  const groups: JudgedControls['groups'][number][] = []
  for (const group of isSkipped ? [] : ready.groups) {
    const results: ControlsResult[] = []
    for (const check of group.checks) {
      if (wanted && !wanted.includes(check.id) && !wanted.includes(group.id)) continue
      results.push(judgeUnasked(check, group) ?? (await judgeAsked(check, program, run, reading)))
    }
    if (results.length > 0) groups.push({ group, results })
  }
  return { controls: ready, groups, missing: isSkipped ? missing : [] }
}

/** The environment of the program that a file is about is searched where a check has no script for it. */
async function judgeAsked(
  check: ControlsCheck,
  program: string | undefined,
  run: (script: string) => Promise<AuditOutcome>,
  reading: Reading,
): Promise<ControlsResult> {
  const needsEnv = check.tests?.items.some(({ env }) => env !== '') ?? false
  const isSafe = program !== undefined && /^[\w.-]+$/.test(program)
  const auditEnv = check.auditEnv === '' && needsEnv && isSafe ? environmentOf(program) : check.auditEnv
  const asked = { ...check, auditEnv }
  const audits = {
    audit: await run(asked.audit),
    auditConfig: await run(asked.auditConfig),
    auditEnv: await run(asked.auditEnv),
  }
  return judgeCheck(asked, audits, reading)
}

const environmentOf = (program: string) =>
  `cat "/proc/$(/bin/ps -C ${program} -o pid= | tr -d ' ')/environ" | tr '\\0' '\\n'`

async function accountsOf(host: Host): ReturnType<AuditWorld['accounts']> {
  const names = await readAccountNames(host)
  if ('state' in names) throw new UnansweredAudit(`${names.path} could not be read (${names.detail})`)
  return names
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => {
    made ??= make()
    return made
  }
}
