// Reads apk's database of installed packages, /lib/apk/db/installed: one letter, a colon and a value per line.
import type { Package } from '../../proto/facets/packages.ts'
import type { PackageList } from './dpkg-status.ts'

const maxValueLength = 500
const letters = 'PVAo'

/** Blocks of `P:` name, `V:` version, `A:` architecture and `o:` origin, with blank lines between them. */
export function parseApkInstalled(text: string): PackageList {
  const packages = new Map<string, Package>()
  const malformed: number[] = []
  let values = new Map<string, string>()
  let first = 0
  let line = 0
  const end = () => {
    if (first === 0) return
    const row = packageOf(values)
    if (row) packages.set(`${row.name}\n${row.architecture}`, row)
    else malformed.push(first)
    values = new Map()
    first = 0
  }
  for (const raw of text.split('\n')) {
    line += 1
    const text = raw.endsWith('\r') ? raw.slice(0, -1) : raw
    if (text === '') end()
    else {
      first ||= line
      const letter = text[0] ?? ''
      // The files of a package repeat `a:` and others, never these.
      if (text[1] === ':' && letters.includes(letter) && text.length <= maxValueLength)
        values.set(letter, text.slice(2))
    }
  }
  end()
  return { packages: [...packages.values()], olderVersions: [], malformed }
}

function packageOf(values: ReadonlyMap<string, string>): Package | undefined {
  const [name = '', version = '', architecture = ''] = [...'PVA'].map(letter => values.get(letter))
  if (name === '' || version === '') return undefined
  const origin = values.get('o') ?? name
  return { name, version, architecture, source: origin === name ? '' : origin, state: 'installed' }
}
