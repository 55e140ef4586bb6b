// Finds the runtimes of sandboxes that are installed, and whether virtual machines can run here.
import type { ContainerRuntimeFacts } from '../../proto/facets/container-runtime.ts'
import type { Host } from '../host/host.ts'
import { sandboxOfProgram } from '../parse/sandbox-kind.ts'
import type { Gaps } from '../probe.ts'

type SandboxProgram = ContainerRuntimeFacts['sandboxPrograms'][number]

const directories = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/opt/kata/bin', '/opt/bin']
const names = [
  'runsc',
  'containerd-shim-runsc-v1',
  'kata-runtime',
  'containerd-shim-kata-v2',
  'firecracker',
  'containerd-shim-aws-firecracker',
]

/** @param configured programs that handlers name */
export async function findSandboxPrograms(
  host: Host,
  configured: readonly string[],
  gaps: Gaps,
): Promise<readonly SandboxProgram[]> {
  const usual = directories.flatMap(directory => names.map(name => `${directory}/${name}`))
  const found = new Map<string, SandboxProgram>()
  for (const asked of [...usual, ...configured.filter(path => path.startsWith('/'))]) {
    const sandbox = sandboxOfProgram(asked)
    if (sandbox === 'none' || sandbox === 'other') continue
    // One directory is often a link to another.
    const path = await host.realPath(asked)
    if (path.state === 'present') found.set(path.value, { path: path.value, sandbox })
    else gaps.note('sandboxPrograms', 'incomplete', path)
  }
  return [...found.values()]
}

export async function readKvm(host: Host, gaps: Gaps): Promise<boolean | undefined> {
  if (!host.live) {
    const detail = 'offline root'
    gaps.add({ field: 'kvm', effect: 'omitted', source: '/dev/kvm', state: 'unavailable', detail })
    return undefined
  }
  const stat = await host.stat('/dev/kvm')
  if (stat.state === 'present') return stat.value.kind === 'character'
  gaps.note('kvm', 'omitted', stat)
  return stat.state === 'absent' ? false : undefined
}
