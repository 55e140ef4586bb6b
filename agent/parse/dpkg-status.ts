// Reads dpkg's database of installed packages, /var/lib/dpkg/status (deb-control(5)): a few fields of each stanza.
import type { Package } from '../../proto/facets/packages.ts'

export type OlderVersion = Pick<Package, 'name' | 'architecture' | 'version'>

export interface PackageList {
  readonly packages: readonly Package[]
  /** of packages that are installed in several versions, those that are not the newest; only rpm has such */
  readonly olderVersions: readonly OlderVersion[]
  /** first lines of the stanzas that lack what a package must have, from 1 */
  readonly malformed: readonly number[]
}

const states: ReadonlySet<string> = new Set([
  ...['installed', 'config-files', 'half-installed', 'unpacked', 'half-configured'],
  ...['triggers-awaited', 'triggers-pending'],
])

interface Stanza {
  line: number
  Package: string
  Status: string
  Architecture: string
  Source: string
  Version: string
}
type Field = Exclude<keyof Stanza, 'line'>
const fields = ['Package', 'Status', 'Architecture', 'Source', 'Version'] as const satisfies readonly Field[]
/** No field of a package is longer; what is goes into no fact. */
const maxValueLength = 500

/**
 * @param impliedStatus status of stanzas without one: images without dpkg keep a directory of plain control files
 */
export function parseDpkgStatus(text: string, impliedStatus = ''): PackageList {
  const packages = new Map<string, Package>()
  const malformed: number[] = []
  for (const stanza of stanzas(text)) {
    const row = packageOf(stanza, impliedStatus)
    if (row === undefined) malformed.push(stanza.line)
    else if (row !== 'gone') {
      const key = `${row.name}\n${row.architecture}`
      if (!packages.has(key)) packages.set(key, row)
    }
  }
  return { packages: [...packages.values()], olderVersions: [], malformed }
}

/** Walks line by line without splitting: the file may have megabytes, of which few lines matter. */
function* stanzas(text: string): Generator<Stanza> {
  let stanza: Stanza | undefined
  let line = 0
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    line += 1
    if (isBlank(text, start, end)) {
      if (stanza) yield stanza
      stanza = undefined
    } else {
      stanza ??= { line, Package: '', Status: '', Architecture: '', Source: '', Version: '' }
      const name = fieldAt(text, start)
      if (name) stanza[name] = valueAt(text, start + name.length + 1, end)
    }
    start = end + 1
  }
  if (stanza) yield stanza
}

/** Most lines begin with another letter, so that nothing is cut out of the text for them. */
function fieldAt(text: string, start: number): Field | undefined {
  for (const name of fields) {
    if (text.startsWith(name, start)) return text[start + name.length] === ':' ? name : undefined
  }
  return undefined
}

function isBlank(text: string, start: number, end: number): boolean {
  return start === end || (end - start === 1 && text[start] === '\r')
}

function valueAt(text: string, start: number, end: number): string {
  return end - start > maxValueLength ? '' : text.slice(start, end).trim()
}

/** `gone` for a package that dpkg only remembers. */
function packageOf(stanza: Stanza, impliedStatus: string): Package | 'gone' | undefined {
  const [want = '', flag = '', state = ''] = (stanza.Status || impliedStatus).split(' ')
  if (stanza.Package === '' || flag === '') return undefined
  if (state === 'not-installed') return 'gone'
  if (!states.has(state) || stanza.Version === '') return undefined
  return {
    name: stanza.Package,
    architecture: stanza.Architecture,
    version: stanza.Version,
    source: /^\S+(?: \(\S+\))?$/.test(stanza.Source) ? stanza.Source : '',
    state: want === 'hold' && state === 'installed' ? 'held' : (state as Package['state']),
  }
}
