// Tells which kernels are installed and whether the running one is the newest of them.
import type { PackagesFacts } from '../../proto/facets/packages.ts'
import type { Host } from '../host/host.ts'
import { offline, unavailable } from '../no-answer.ts'
import { isNewerRelease, packageVersionOfBuild } from '../parse/kernel-release.ts'
import type { Gaps } from '../probe.ts'
import type { PackageDatabase } from './package-database.ts'

type Kernels = Pick<PackagesFacts, 'installedKernels' | 'runningKernel' | 'newerKernels' | 'kernelBuild'>

const imageDirectory = '/boot'
const moduleDirectory = '/lib/modules'
const runningFields = ['runningKernel', 'newerKernels', 'kernelBuild'] as const

export async function readKernels(host: Host, gaps: Gaps, database: PackageDatabase): Promise<Kernels> {
  const installedKernels = await readInstalled(host, gaps)
  if (!host.live) {
    noteAll(gaps, runningFields, offline('/proc/sys/kernel/osrelease'))
    return { installedKernels }
  }
  const release = await readKernelText(host, gaps, '/proc/sys/kernel/osrelease')
  const build = await readKernelText(host, gaps, '/proc/sys/kernel/version')
  if (release === undefined || build === undefined) return { installedKernels }
  const newerKernels = installedKernels.filter(installed => isNewerRelease(installed, release))
  const kernelBuild = buildOf(release, build, database)
  if (!kernelBuild) for (const failure of database.failures) gaps.note('kernelBuild', 'omitted', failure)
  return { installedKernels, runningKernel: release, newerKernels, ...(kernelBuild && { kernelBuild }) }
}

async function readInstalled(host: Host, gaps: Gaps): Promise<string[]> {
  const releases = new Set<string>()
  const images = await host.list(imageDirectory)
  if (images.state === 'present') {
    for (const { name } of images.value) {
      // Rescue images of Red Hat and links without a release are no kernels to boot by themselves.
      const release = /^vmlinu[xz]-(?!0-rescue-)(\d.*)$/.exec(name)?.[1]
      if (release !== undefined) releases.add(release)
    }
  } else gaps.note('installedKernels', 'incomplete', images)
  const modules = await host.list(moduleDirectory)
  if (modules.state !== 'present') {
    gaps.note('installedKernels', 'incomplete', modules)
    return [...releases]
  }
  for (const { name, kind } of modules.value) {
    if (kind !== 'directory' || !/^\d/.test(name)) continue
    // Removing a kernel removes its lists; a directory that modules of others keep alive is no kernel.
    const list = await host.stat(`${moduleDirectory}/${name}/modules.dep`)
    if (list.state === 'present') releases.add(name)
    else gaps.note('installedKernels', 'incomplete', list)
  }
  return [...releases]
}

async function readKernelText(host: Host, gaps: Gaps, path: string): Promise<string | undefined> {
  const text = await host.readText(path, { maxBytes: 4096 })
  if (text.state === 'present') return text.value.trim()
  noteAll(gaps, runningFields, unavailable(text))
  return undefined
}

function noteAll(gaps: Gaps, fields: readonly string[], failure: Parameters<Gaps['note']>[2]): void {
  for (const field of fields) gaps.note(field, 'omitted', failure)
}

/** Debian names the package after the release, `-unsigned` where nobody signed it. */
function buildOf(release: string, build: string, { packages }: PackageDatabase): PackagesFacts['kernelBuild'] {
  const running = packageVersionOfBuild(build)
  if (running === '') return { running, installed: '' }
  if (!packages) return undefined
  const names = [`linux-image-${release}`, `linux-image-${release}-unsigned`]
  const installed = packages.find(({ name, state }) => names.includes(name) && state === 'installed')
  return { running, installed: installed?.version ?? '' }
}
