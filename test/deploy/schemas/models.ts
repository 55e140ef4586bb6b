// Packages made by kubernetes-models: a class that validates for each kind, and a type that has its fields.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Manifest } from '../rendered.ts'
import { compileFaults } from './compile.ts'
import { packageFolder, packageVersion, type Schema } from './schema.ts'

/** What a minor version brought: the README of a package may be older than what is in it. */
const broughtBy: readonly (readonly [number, string, RegExp])[] = [
  [25, 'v1/PodSpec.d.ts', /"hostUsers"/],
  [27, 'v1/Container.d.ts', /"resizePolicy"/],
  [29, 'v1/LifecycleHandler.d.ts', /"sleep"/],
  [30, 'v1/SecurityContext.d.ts', /"appArmorProfile"/],
  [34, 'resource.k8s.io/v1/DeviceClass.d.ts', /"DeviceClass"/],
  [36, 'admissionregistration.k8s.io/v1/MutatingAdmissionPolicy.d.ts', /"MutatingAdmissionPolicy"/],
]

/** @param name folder in node_modules */
export function modelsOfKubernetes(name: string): Schema {
  const minor = newestMinor(name)
  const readme = readFileSync(join(packageFolder(name), 'README.md'), 'utf8')
  const said = /tree\/v(1\.\d+\.\d+)/.exec(readme)?.[1] ?? 'nothing'
  const doubt = said.startsWith(`1.${minor}.`) ? '' : ` by its fields, while its README says ${said}`
  return { title: `Kubernetes 1.${minor}${doubt} (${name} ${packageVersion(name)})`, minor, faults: faultsBy(name) }
}

/** @param name folder in node_modules, of kinds that are not those of Kubernetes */
export const modelsOfOthers = (name: string): Schema => ({
  title: `${name} ${packageVersion(name)}`,
  minor: undefined,
  faults: faultsBy(name),
})

function newestMinor(name: string): number {
  const has = (path: string, word: RegExp) => {
    const file = join(packageFolder(name), path)
    return existsSync(file) && word.test(readFileSync(file, 'utf8'))
  }
  const found = broughtBy.filter(([, path, word]) => has(path, word)).map(([minor]) => minor)
  if (found.length === 0) throw new Error(`${name}: of no version that is known`)
  return Math.max(...found)
}

const faultsBy = (name: string): Schema['faults'] => {
  const pathOf = ({ apiVersion, kind }: Manifest) => join(packageFolder(name), apiVersion, kind)
  return async manifests => {
    const compiled = compileFaults(manifests, one =>
      existsSync(`${pathOf(one)}.d.ts`) ? `import('${pathOf(one)}').I${one.kind}` : undefined,
    )
    return Promise.all(manifests.map(async (one, at) => compiled[at] ?? (await validationFault(one, pathOf(one)))))
  }
}

async function validationFault(manifest: Manifest, path: string): Promise<string | undefined> {
  const module = (await import(pathToFileURL(`${path}.js`).href)) as Readonly<
    Record<string, new (manifest: unknown) => { validate(): void }>
  >
  const Model = module[manifest.kind]
  if (!Model) return `no class ${manifest.kind}`
  try {
    new Model(manifest).validate()
    return undefined
  } catch (error) {
    return String(error)
  }
}
