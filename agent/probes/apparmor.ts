// Probe `apparmor`: what the kernel enforces, what the files say, and who runs without the profile made for it.
import { AppArmorFacet, type AppArmorFacts, type AppArmorObservations } from '../../proto/facets/apparmor.ts'
import { readKernelState } from '../apparmor/read-kernel-state.ts'
import { type LabelledProcess, readLabels } from '../apparmor/read-labels.ts'
import { type Policy, type PolicyFile, policyDirectory, readPolicyFiles } from '../apparmor/read-policy-files.ts'
import { unconfinedPrograms } from '../apparmor/unconfined-programs.ts'
import type { Host } from '../host/host.ts'
import type { LoadedProfile } from '../parse/apparmor-profiles-list.ts'
import { absent, defineProbe, every, type Gaps, present, watch } from '../probe.ts'
import { isEnabledAtBoot } from '../unit-links.ts'

export const apparmor = defineProbe({
  facet: AppArmorFacet,
  triggers: [watch(policyDirectory), every(60_000)],
  async run(host, context) {
    const { gaps } = context
    const kernel = await readKernelState(host, gaps)
    if (!kernel.supported) return absent('notSupported', 'the kernel has no AppArmor')
    const policy = await readPolicyFiles(host, gaps)
    if (!host.live && !policy.exists) return absent('notInstalled', `${policyDirectory} does not exist`)
    const { enabled, loaded } = kernel
    const labelled = host.live ? await readLabels(host, gaps, await context.processes()) : []
    const enabledAtBoot = await readEnabledAtBoot(host, gaps)
    return present(
      {
        ...(enabled !== undefined && { enabled }),
        ...(enabledAtBoot !== undefined && { enabledAtBoot }),
        ...(loaded && { profiles: await profileRows(host, loaded, policy) }),
        files: policy.files.map(file => fileRow(file, loaded)),
        ...(loaded && { unconfinedWithProfile: unconfinedPrograms(labelled, loaded, policy, gaps) }),
      },
      observed(labelled),
    )
  },
})

async function readEnabledAtBoot(host: Host, gaps: Gaps): Promise<boolean | undefined> {
  const enabled = await isEnabledAtBoot(host, 'apparmor')
  if (enabled.state === 'present') return enabled.value
  gaps.note('enabledAtBoot', 'omitted', enabled)
  return undefined
}

async function profileRows(
  host: Host,
  loaded: readonly LoadedProfile[],
  policy: Policy,
): Promise<NonNullable<AppArmorFacts['profiles']>> {
  const paths = new Map(policy.files.flatMap(({ path, profiles }) => profiles.map(({ name }) => [name, path] as const)))
  const rows: NonNullable<AppArmorFacts['profiles']> = []
  for (const { name, mode } of loaded) {
    rows.push({ name, mode, path: definingFile(name, paths) ?? (await snapFile(host, name)) })
  }
  return rows
}

/** A child is defined in the file of its parent: `a//b`, `a///path`, `a//b//c`. */
function definingFile(name: string, paths: ReadonlyMap<string, string>): string | undefined {
  for (let end = name.length; end > 0; end = name.lastIndexOf('//', end - 1)) {
    const path = paths.get(name.slice(0, end))
    if (path !== undefined) return path
  }
  return undefined
}

/** snapd keeps a file per profile, named after it, outside of /etc. */
async function snapFile(host: Host, name: string): Promise<string> {
  const top = name.split('//', 1)[0] ?? ''
  if (!/^snap[.-][A-Za-z0-9_.+-]+$/.test(top)) return ''
  const path = `/var/lib/snapd/apparmor/profiles/${top}`
  return (await host.stat(path)).state === 'present' ? path : ''
}

function fileRow(file: PolicyFile, loaded: readonly LoadedProfile[] | undefined): AppArmorFacts['files'][number] {
  const { path, sha256, profiles, disabled, forceComplain } = file
  const names = new Set(loaded?.map(({ name }) => name))
  return {
    path,
    sha256,
    profiles: profiles.map(({ name }) => name),
    disabled,
    forceComplain,
    complainFlag: profiles.some(({ flags }) => flags.includes('complain')),
    ...(loaded && { loaded: profiles.every(({ name }) => names.has(name)) }),
  }
}

function observed(labelled: readonly LabelledProcess[]): AppArmorObservations {
  const counts = new Map<string, AppArmorObservations['processes'][number]>()
  let unconfined = 0
  for (const { label } of labelled) {
    if (label.mode === undefined) {
      unconfined += 1
      continue
    }
    const key = `${label.mode} ${label.name}`
    const row = counts.get(key) ?? { label: label.name, mode: label.mode, count: 0 }
    counts.set(key, { ...row, count: row.count + 1 })
  }
  return { processes: [...counts.values()], unconfined }
}
