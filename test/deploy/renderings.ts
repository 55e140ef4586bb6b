// Everything that kustomize makes of deploy/kubernetes: each overlay, and each component on the overlay that it is for.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { kustomized, type Manifest, withComponents } from './rendered.ts'

const kubernetes = join(import.meta.dirname, '../../deploy/kubernetes')
/** What overlays are made of. */
const parts = ['agent', 'collector']
const builtIn = ['sqlite', 'postgres', 'behind-proxy']

/** Directories below deploy/kubernetes that are applied, '' for itself. */
export const overlayNames: readonly string[] = readdirSync(kubernetes, { recursive: true, encoding: 'utf8' })
  .filter(path => /(?:^|\/)kustomization\.yaml$/.test(path) && !path.startsWith('components/'))
  .map(path => path.replace(/\/?kustomization\.yaml$/, ''))
  .filter(path => !parts.includes(path))
  .sort()

/** Components that somebody adds, but for those that overlays and other components are made of. */
export const componentNames: readonly string[] = readdirSync(join(kubernetes, 'components'))
  .filter(name => !builtIn.includes(name))
  .sort()

export const renderedOverlay = (name: string): readonly Manifest[] => kustomized(join('deploy/kubernetes', name))

export const renderedComponent = (name: string): readonly Manifest[] => withComponents('overlays/sqlite', name)
