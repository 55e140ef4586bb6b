// Holds files against what find, getcap and findmnt printed, where the file systems were walked.
import type { FilesFacts } from '../../proto/facets/files.ts'
import { type Comparison, linesOf, type Recording, rowsOf, sorted } from './recording.ts'

interface Mounted {
  readonly target: string
  readonly fstype: string
  readonly options: string
  readonly children?: readonly Mounted[]
}

const flatten = (mounts: readonly Mounted[]): readonly Mounted[] =>
  mounts.flatMap(one => [one, ...flatten(one.children ?? [])])

export function compareMounts(recording: Recording): readonly Comparison[] {
  const { mounts = [] } = recording.facts<FilesFacts>('files')
  const printed = flatten(JSON.parse(recording.output('findmnt')).filesystems as Mounted[])
  const options = (mount: Mounted | undefined) => {
    const all = new Set(mount?.options.split(','))
    return ['nodev', 'nosuid', 'noexec', 'ro'].filter(option => all.has(option))
  }
  return [
    {
      title: 'mount options are those of findmnt',
      found: mounts.map(row => {
        const set = { nodev: row.nodev, nosuid: row.nosuid, noexec: row.noexec, ro: row.readOnly }
        const names = Object.entries(set).flatMap(([name, isSet]) => (isSet ? [name] : []))
        return [row.path, row.mountPoint, row.fsType, ...names].join(' ')
      }),
      printed: mounts.map(({ path, mountPoint }) => {
        const mount = printed.findLast(({ target }) => target === mountPoint)
        return [path, mount?.target, mount?.fstype, ...options(mount)].join(' ')
      }),
    },
  ]
}

/** Only for a facet that was asked for by name, so that it walked. */
export function compareWalk(recording: Recording): readonly Comparison[] {
  const facts = recording.facts<FilesFacts>('files')
  const octal = (mode: string) => mode.padStart(4, '0')
  return [
    { title: 'the walk came to its end', found: facts.walk, printed: 'complete' },
    {
      title: 'set-uid and set-gid files are those of find',
      found: sorted((facts.setIdFiles ?? []).map(({ path, mode, uid, gid }) => `${octal(mode)} ${uid} ${gid} ${path}`)),
      printed: sorted(
        rowsOf(recording.output('set-id')).map(([mode = '', ...rest]) => [octal(mode), ...rest].join(' ')),
      ),
    },
    {
      title: 'file capabilities are those of getcap',
      found: sorted((facts.capabilityFiles ?? []).map(({ path, permitted }) => `${path} ${sorted(permitted).join()}`)),
      printed: sorted(
        rowsOf(recording.output('getcap')).map(
          ([path, text = '']) => `${path} ${sorted(text.replace(/=\w+$/, '').split(',')).join()}`,
        ),
      ),
    },
    {
      title: 'world-writable files are those of find',
      found: sorted(facts.worldWritableFiles ?? []),
      printed: sorted(linesOf(recording.output('world-writable'))),
    },
    {
      title: 'world-writable directories without the sticky bit are those of find',
      found: sorted(facts.worldWritableDirectories ?? []),
      printed: sorted(linesOf(recording.output('world-writable-directories'))),
    },
    {
      title: 'what nobody owns is what find says, of a tree only its top',
      found: sorted((facts.unowned ?? []).map(({ path }) => path)),
      printed: topsOf(linesOf(recording.output('unowned'))),
    },
  ]
}

const topsOf = (paths: readonly string[]): readonly string[] =>
  sorted(paths.filter(path => !paths.some(other => path.startsWith(`${other}/`))))
