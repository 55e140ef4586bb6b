// Tests that resolving inside a root agrees with the kernel, for trees of links of every kind.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { openHost } from '../../../agent/host/open-host.ts'
import { errnoOf } from '../../../runtime/errors.ts'

interface Entry {
  readonly kind: 'directory' | 'file' | 'link'
  /** target of a link */
  readonly to: string
}
type Tree = readonly (readonly [place: string, entry: Entry])[]

const components = fc.array(fc.constantFrom('a', 'b', 'c', '..', '.', 'a', 'b'), { minLength: 1, maxLength: 5 })
const path = components.map(parts => `/${parts.join('/')}`)
const target = fc.oneof(
  path,
  components.map(parts => parts.join('/')),
)
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.constant<Entry>({ kind: 'directory', to: '' }),
  fc.constant<Entry>({ kind: 'file', to: '' }),
  target.map((to): Entry => ({ kind: 'link', to })),
)
const place = fc
  .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 3 })
  .map(parts => `/${parts.join('/')}`)
const tree: fc.Arbitrary<Tree> = fc.array(fc.tuple(place, entry), { minLength: 3, maxLength: 14 })

const base = realpathSync(mkdtempSync(join(tmpdir(), 'gabion-resolve-')))
t.teardown(() => rmSync(base, { recursive: true, force: true }))
const root = join(base, 'host')
const twin = buildAncestors(join(base, 'twin'), 60)

t.test('the kernel resolves a twin of the tree to the same places', async t => {
  const compared = { present: 0, absent: 0, loop: 0 }
  await fc.assert(
    fc.asyncProperty(tree, fc.array(path, { minLength: 4, maxLength: 8 }), async (entries, asked) => {
      build(root, '', entries)
      build(twin, twin, entries)
      const host = await openHost({ root })
      for (const one of asked) {
        const kernel = kernelAnswer(one)
        const ours = await host.realPath(one)
        // The twin follows more links than the host, to imitate that `..` stays at the root.
        if (kernel === 'ELOOP') {
          compared.loop += 1
          continue
        }
        compared[kernel === 'absent' ? 'absent' : 'present'] += 1
        const answer = ours.state === 'present' ? ours.value : ours.state
        if (answer !== kernel) t.fail(`${one} is ${answer}, not ${kernel}, in ${JSON.stringify(entries)}`)
      }
    }),
    { numRuns: 200 },
  )
  t.ok(compared.present > 100 && compared.absent > 100, JSON.stringify(compared))
})

/** Directories in which every name leads back into the twin, as `..` of a root leads to the root. */
function buildAncestors(top: string, depth: number): string {
  const innermost = join(top, ...Array.from({ length: depth }, () => 'n'))
  mkdirSync(innermost, { recursive: true })
  for (let level = 0; level < depth; level += 1) {
    const directory = join(top, ...Array.from({ length: level }, () => 'n'))
    for (const name of ['a', 'b', 'c']) symlinkSync(join(innermost, name), join(directory, name))
  }
  return innermost
}

/** Writes the entries; those that do not fit (below a file, or twice) are left out. @param prefix of absolute links */
function build(directory: string, prefix: string, entries: Tree): void {
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory)
  const kinds = new Map<string, Entry['kind']>()
  for (const [place, entry] of entries) {
    const parents = place
      .split('/')
      .slice(1, -1)
      .map((_, index, all) => `/${all.slice(0, index + 1).join('/')}`)
    if (kinds.has(place) || parents.some(parent => (kinds.get(parent) ?? 'directory') !== 'directory')) continue
    for (const parent of parents) {
      mkdirSync(directory + parent, { recursive: true })
      kinds.set(parent, 'directory')
    }
    kinds.set(place, entry.kind)
    if (entry.kind === 'directory') mkdirSync(directory + place)
    else if (entry.kind === 'file') writeFileSync(directory + place, '')
    else symlinkSync(entry.to.startsWith('/') ? prefix + entry.to : entry.to, directory + place)
  }
}

/** The kernel's answer in the twin as a path inside the root; everything above the twin stands for the root. */
function kernelAnswer(path: string): string {
  try {
    const real = realpathSync.native(twin + path)
    if (twin.startsWith(real)) return '/'
    return real.startsWith(`${twin}/`) ? real.slice(twin.length) : `outside: ${real}`
  } catch (error) {
    return errnoOf(error) === 'ELOOP' ? 'ELOOP' : 'absent'
  }
}
