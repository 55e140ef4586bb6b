// Reads what the kernel says of AppArmor: whether it is there and on, and which profiles it has.
import type { Failure, Host } from '../host/host.ts'
import { type LoadedProfile, parseProfilesList } from '../parse/apparmor-profiles-list.ts'
import type { Gaps } from '../probe.ts'

export interface KernelState {
  /** whether this kernel knows AppArmor; true on an offline root, where nobody can say */
  readonly supported: boolean
  readonly enabled: boolean | undefined
  readonly loaded: readonly LoadedProfile[] | undefined
}

const moduleDirectory = '/sys/module/apparmor'
const enabledPath = `${moduleDirectory}/parameters/enabled`
const profilesPath = '/sys/kernel/security/apparmor/profiles'
/** Each snap and each container may bring profiles of its own. */
const maxListBytes = 4 * 1024 * 1024

export async function readKernelState(host: Host, gaps: Gaps): Promise<KernelState> {
  if (!host.live) {
    noteUnknown(gaps, ['enabled'], { state: 'unavailable', path: enabledPath, detail: 'offline root' })
    noteUnknown(gaps, loadedFields, { state: 'unavailable', path: profilesPath, detail: 'offline root' })
    return { supported: true, enabled: undefined, loaded: undefined }
  }
  const module = await host.stat(moduleDirectory)
  if (module.state === 'absent' && (await host.stat('/sys/module')).state === 'present') {
    return { supported: false, enabled: undefined, loaded: undefined }
  }
  const enabled = await readEnabled(host, gaps)
  if (enabled === false) return { supported: true, enabled, loaded: [] }
  return { supported: true, enabled, loaded: await readLoaded(host, gaps) }
}

async function readEnabled(host: Host, gaps: Gaps): Promise<boolean | undefined> {
  const text = await host.readText(enabledPath)
  if (text.state === 'present') return text.value.trim() === 'Y'
  noteUnknown(gaps, ['enabled'], text.state === 'absent' ? unmounted(enabledPath, '/sys') : text)
  return undefined
}

const loadedFields = ['profiles', 'files.loaded', 'unconfinedWithProfile'] as const

async function readLoaded(host: Host, gaps: Gaps): Promise<readonly LoadedProfile[] | undefined> {
  const text = await host.readText(profilesPath, { maxBytes: maxListBytes })
  if (text.state === 'present') return parseProfilesList(text.value)
  noteUnknown(gaps, loadedFields, profilesFailure(text))
  return undefined
}

/** The file is open to all by its mode; the kernel asks for the capability when it is read. */
function profilesFailure(failure: Failure): Failure {
  if (failure.state === 'absent') return unmounted(profilesPath, 'securityfs')
  const errno = /^E(?:ACCES|PERM)\b/.exec(failure.detail)?.[0]
  return errno ? { ...failure, detail: `${errno}, root with CAP_MAC_ADMIN would help` } : failure
}

function unmounted(path: string, what: string): Failure {
  return { state: 'unavailable', path, detail: `${what} is not mounted` }
}

function noteUnknown(gaps: Gaps, fields: readonly string[], failure: Failure): void {
  for (const field of fields) gaps.note(field, 'omitted', failure)
}
