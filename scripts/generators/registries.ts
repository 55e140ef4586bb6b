// Registries of units that live one per file in a folder: facets, probes and routes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GeneratedFile } from './index.ts'

const header = '// Made by `npm run gen`. Do not edit.\n'

/** Files of a folder that hold a unit: every `.ts` that is not generated. */
function unitsOf(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .filter(name => name.endsWith('.ts') && !name.endsWith('.generated.ts'))
    .map(name => name.slice(0, -'.ts'.length))
    .sort()
}

/** `kernel-modules` → `kernelModules`. */
const camel = (name: string) => name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())

/** Name of the facet that a file declares, such as `AppArmorFacet` of apparmor.ts. */
function facetExport(root: string, name: string): string {
  const declared = /^export const (\w+Facet) = defineFacet\(/m.exec(
    readFileSync(join(root, 'proto/facets', `${name}.ts`), 'utf8'),
  )
  if (!declared?.[1])
    throw new Error(`proto/facets/${name}.ts: declares no facet (export const …Facet = defineFacet({)`)
  return declared[1]
}

export function registries(root: string): readonly GeneratedFile[] {
  return [facetRegistry(root), probeRegistry(root), routeRegistry(root)]
}

function facetRegistry(root: string): GeneratedFile {
  const names = unitsOf(root, 'proto/facets')
  const imports = names.map(name => `import { ${facetExport(root, name)} } from './facets/${name}.ts'`)
  const list = names.map(name => `  ${facetExport(root, name)},`)
  return {
    path: 'proto/facets.generated.ts',
    content: `${header}import type { Facet } from './facet.ts'\n${imports.join('\n')}\n\nexport const facets: readonly Facet[] = [\n${list.join('\n')}\n]\n`,
  }
}

function probeRegistry(root: string): GeneratedFile {
  const names = unitsOf(root, 'agent/probes')
  const imports = names.map(name => `import { ${camel(name)} } from './probes/${name}.ts'`)
  const list = names.map(name => `  ${camel(name)},`)
  return {
    path: 'agent/probes.generated.ts',
    content: `${header}${imports.join('\n')}\nimport type { Probe } from './probe.ts'\n\nexport const probes: readonly Probe[] = [\n${list.join('\n')}\n]\n`,
  }
}

/** A file of routes may declare several; they keep the order of the files and of each file. */
function routeRegistry(root: string): GeneratedFile {
  const folder = 'collector/api/routes'
  const files = unitsOf(root, folder).map(name => {
    const text = readFileSync(join(root, folder, `${name}.ts`), 'utf8')
    const routes = [...text.matchAll(/^export const (\w+) = defineRoute\(/gm)].map(match => match[1] ?? '')
    if (routes.length === 0) throw new Error(`${folder}/${name}.ts: declares no route (export const … = defineRoute({)`)
    return { name, routes }
  })
  const imports = files.map(({ name, routes }) => `import { ${routes.join(', ')} } from './routes/${name}.ts'`)
  const list = files.flatMap(({ routes }) => routes.map(route => `  ${route},`))
  return {
    path: 'collector/api/routes.generated.ts',
    content: `${header}import type { Route } from './route.ts'\n${imports.join('\n')}\n\nexport const routes: readonly Route[] = [\n${list.join('\n')}\n]\n`,
  }
}
