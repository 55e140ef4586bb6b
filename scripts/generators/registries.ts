// Registries of units that live one per file in a folder: facets and probes.
import { readdirSync } from 'node:fs'
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
/** `kernel-modules` → `KernelModules`; `apparmor` → the export that ends in Facet, found by convention. */
const pascal = (name: string) => camel(`-${name}`)
const facetExport = (name: string) => (name === 'apparmor' ? 'AppArmorFacet' : `${pascal(name)}Facet`)

export function registries(root: string): readonly GeneratedFile[] {
  return [facetRegistry(root), probeRegistry(root)]
}

function facetRegistry(root: string): GeneratedFile {
  const names = unitsOf(root, 'proto/facets')
  const imports = names.map(name => `import { ${facetExport(name)} } from './facets/${name}.ts'`)
  const list = names.map(name => `  ${facetExport(name)},`)
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
