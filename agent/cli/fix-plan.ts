// Option `--fix-plan PATH`: a shell script and an Ansible playbook of what to do about the findings.
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { createFixPlan, type FixPlan } from '../../report/fix-plan.ts'
import type { ScanReport } from '../../report/scan-report.ts'
import { usageError } from '../../runtime/errors.ts'
import { requireWritable, writeReport } from './write-report.ts'

type Form = 'sh' | 'yaml'

interface PlanFile {
  readonly path: string
  readonly form: Form
}

/** @throws GabionError (usage) when the path tells no form, or cannot be written */
export function fixPlanFiles(path: string): readonly PlanFile[] {
  const files = filesOf(path)
  for (const file of files) requireWritable(`--fix-plan ${file.path}`, file.path)
  return files
}

function filesOf(path: string): readonly PlanFile[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    return (['sh', 'yaml'] as const).map(form => ({ path: join(path, `fix-plan.${form}`), form }))
  }
  const [, ending] = /\.(sh|ya?ml)$/.exec(path) ?? []
  if (ending === undefined)
    throw usageError(`--fix-plan ${path}: expected a directory, or a file that ends in .sh or .yaml`)
  return [{ path, form: ending === 'sh' ? 'sh' : 'yaml' }]
}

/** Only the owner reads it: it tells what is weak. The script is no program, so that nobody starts it by mistake. */
export async function writeFixPlan(report: ScanReport, path: string): Promise<void> {
  const plan = createFixPlan(report)
  for (const file of fixPlanFiles(path)) {
    writeReport(`--fix-plan ${file.path}`, file.path, await render(plan, file.form), 0o600)
  }
}

async function render(plan: FixPlan, form: Form): Promise<string> {
  if (form === 'sh') return (await import('../../report/fix-script.ts')).renderFixScript(plan)
  return (await import('../../report/fix-playbook.ts')).renderFixPlaybook(plan)
}
