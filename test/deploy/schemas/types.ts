// kubernetes-types: types alone, a file for each group and version.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Manifest } from '../rendered.ts'
import { compileFaults } from './compile.ts'
import { packageFolder, packageVersion, type Schema } from './schema.ts'

const name = 'kubernetes-types'

export function typesSchema(): Schema {
  const version = packageVersion(name)
  const minor = Number(/^1\.(\d+)\./.exec(version)?.[1])
  return {
    title: `Kubernetes 1.${minor} (${name} ${version})`,
    minor,
    faults: async manifests => compileFaults(manifests, typeOf),
  }
}

/** The group `rbac.authorization.k8s.io` is in the folder rbac. */
function typeOf({ apiVersion, kind }: Manifest): string | undefined {
  const [version = '', group = 'core'] = apiVersion.split('/').reverse()
  const path = join(packageFolder(name), group.split('.')[0] ?? '', version)
  const declares = new RegExp(`^export interface ${kind} `, 'm')
  const isThere = existsSync(`${path}.d.ts`) && declares.test(readFileSync(`${path}.d.ts`, 'utf8'))
  return isThere ? `import('${path}').${kind}` : undefined
}
