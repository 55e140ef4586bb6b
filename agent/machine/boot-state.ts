// Reads what the host booted: kernel, command line, security modules, lockdown and Secure Boot.
import type { HostFacts, HostObservations } from '../../proto/facets/host.ts'
import { isoTime } from '../../runtime/clock.ts'
import type { Host } from '../host/host.ts'
import { parseProcCmdline, securityBootParameters } from '../parse/proc-cmdline.ts'
import type { Gaps } from '../probe.ts'

export type BootState = Pick<
  HostFacts,
  'kernel' | 'bootParameters' | 'lockdown' | 'securityModules' | 'secureBoot' | 'init'
>

const efivars = '/sys/firmware/efi/efivars'
/** name and GUID of UEFI's global variables, UEFI specification 3.3 */
const secureBootVariable = `${efivars}/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c`

/** Facts of a running host; an offline root has gaps for them. */
export async function readBootState(host: Host, gaps: Gaps): Promise<BootState> {
  if (!host.live) {
    for (const field of ['kernel', 'bootParameters', 'lockdown', 'securityModules', 'secureBoot']) {
      noteMissing(gaps, field, '/proc', 'offline root')
    }
    return { init: 'unknown' }
  }
  const kernel = await readKernel(host, gaps)
  const bootParameters = await readBootParameters(host, gaps)
  const secureBoot = await readSecureBoot(host, gaps)
  return {
    ...(kernel && { kernel }),
    ...(bootParameters && { bootParameters }),
    ...(await readSecurityFilesystem(host, gaps)),
    ...(secureBoot && { secureBoot }),
    init: (await readRequired(host, '/proc/1/comm', 'init', gaps)) ?? 'unknown',
  }
}

/** The id of this boot and its time; both empty for an offline root. The clock's corrections move the time a little. */
export async function readBoot(host: Host): Promise<Pick<HostObservations, 'bootId' | 'bootedAt'>> {
  if (!host.live) return { bootId: '', bootedAt: '' }
  const bootId = await host.readText('/proc/sys/kernel/random/boot_id')
  const stat = await host.readText('/proc/stat', { maxBytes: 8 * 1024 * 1024 })
  const seconds = stat.state === 'present' ? /^btime (\d{1,11})$/m.exec(stat.value)?.[1] : undefined
  return {
    bootId: bootId.state === 'present' ? bootId.value.trim() : '',
    bootedAt: seconds === undefined ? '' : isoTime(Number(seconds) * 1000),
  }
}

async function readKernel(host: Host, gaps: Gaps): Promise<HostFacts['kernel']> {
  const release = await readRequired(host, '/proc/sys/kernel/osrelease', 'kernel', gaps)
  const version = await readRequired(host, '/proc/sys/kernel/version', 'kernel', gaps)
  if (release === undefined || version === undefined) return undefined
  const architecture = await host.readText('/proc/sys/kernel/arch')
  return {
    release,
    version,
    // Kernels before 6.1 do not tell; the agent runs on this kernel, and its own architecture is this one.
    architecture: architecture.state === 'present' ? architecture.value.trim() : ownArchitecture(),
  }
}

/** Name of the machine as uname(2) has it. */
function ownArchitecture(): string {
  const names: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64', loong64: 'loongarch64' }
  return names[process.arch] ?? process.arch
}

async function readBootParameters(host: Host, gaps: Gaps): Promise<HostFacts['bootParameters']> {
  const text = await readRequired(host, '/proc/cmdline', 'bootParameters', gaps)
  return text === undefined ? undefined : [...securityBootParameters(parseProcCmdline(text))]
}

/** `lsm` and `lockdown` of securityfs. Where the file system is mounted, a missing file is a missing feature. */
async function readSecurityFilesystem(
  host: Host,
  gaps: Gaps,
): Promise<Pick<HostFacts, 'lockdown' | 'securityModules'>> {
  const lsm = await host.readText('/sys/kernel/security/lsm')
  const lockdown = await host.readText('/sys/kernel/security/lockdown')
  if (lsm.state === 'absent' && lockdown.state === 'absent') return await withoutSecurityFiles(host, gaps)
  if (lsm.state !== 'present') gaps.note('securityModules', 'omitted', lsm)
  if (lockdown.state !== 'present') gaps.note('lockdown', 'omitted', lockdown)
  const mode = lockdown.state === 'present' ? lockdownMode(lockdown.value) : undefined
  if (lockdown.state === 'present' && !mode) noteMalformed(gaps, 'lockdown', lockdown.path)
  return {
    ...(lsm.state === 'present' && { securityModules: lsm.value.trim().split(',').filter(Boolean) }),
    ...(lsm.state === 'absent' && { securityModules: [] }),
    ...(mode && { lockdown: mode }),
    ...(lockdown.state === 'absent' && { lockdown: 'unsupported' as const }),
  }
}

async function withoutSecurityFiles(host: Host, gaps: Gaps): Promise<Pick<HostFacts, 'lockdown' | 'securityModules'>> {
  const supported = await host.readText('/proc/filesystems')
  if (supported.state === 'present' && !/^nodev\s+securityfs$/m.test(supported.value)) {
    return { lockdown: 'unsupported', securityModules: [] }
  }
  for (const field of ['lockdown', 'securityModules']) {
    noteMissing(gaps, field, '/sys/kernel/security', 'securityfs is not mounted')
  }
  return {}
}

/** The mode in brackets: `none [integrity] confidentiality`. */
function lockdownMode(text: string): HostFacts['lockdown'] {
  const mode = /\[(none|integrity|confidentiality)\]/.exec(text)?.[1]
  return mode as HostFacts['lockdown']
}

/** Four bytes of attributes, then the value. A firmware without the variable cannot do Secure Boot. */
async function readSecureBoot(host: Host, gaps: Gaps): Promise<HostFacts['secureBoot']> {
  const efi = await host.stat('/sys/firmware/efi')
  if (efi.state === 'absent') return 'unsupported'
  const variable = await host.readBytes(secureBootVariable, { maxBytes: 64 })
  if (variable.state === 'absent') return await withoutSecureBootVariable(host, gaps)
  if (variable.state !== 'present') {
    gaps.note('secureBoot', 'omitted', variable)
    return undefined
  }
  const value = variable.value.length === 5 ? variable.value[4] : undefined
  if (value === 0 || value === 1) return value === 1 ? 'enabled' : 'disabled'
  noteMalformed(gaps, 'secureBoot', secureBootVariable)
  return undefined
}

async function withoutSecureBootVariable(host: Host, gaps: Gaps): Promise<HostFacts['secureBoot']> {
  const variables = await host.list(efivars)
  if (variables.state === 'present' && variables.value.length > 0) return 'unsupported'
  if (variables.state === 'present' || variables.state === 'absent') {
    noteMissing(gaps, 'secureBoot', efivars, 'efivarfs is not mounted')
  } else gaps.note('secureBoot', 'omitted', variables)
  return undefined
}

/** A file of every running kernel: missing, it is a gap all the same. */
async function readRequired(host: Host, path: string, field: string, gaps: Gaps): Promise<string | undefined> {
  const text = await host.readText(path)
  if (text.state === 'present') return text.value.trim()
  if (text.state === 'absent') noteMissing(gaps, field, path, 'not there')
  else gaps.note(field, 'omitted', text)
  return undefined
}

function noteMissing(gaps: Gaps, field: string, source: string, detail: string): void {
  gaps.add({ field, effect: 'omitted', source, state: 'unavailable', detail })
}

function noteMalformed(gaps: Gaps, field: string, source: string): void {
  gaps.add({ field, effect: 'omitted', source, state: 'malformed', detail: 'line 1' })
}
