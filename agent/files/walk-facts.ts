// Turns what a walk answered into facts and gaps.

import type { FilesFacts } from '../../proto/facets/files.ts'
import type { Failure } from '../host/host.ts'
import { notWalked } from '../no-answer.ts'
import { octalMode } from '../octal-mode.ts'
import { parseFileCapability } from '../parse/file-capability.ts'
import type { Gaps } from '../probe.ts'
import type { WalkAnswer } from './walk-answer.ts'

export type WalkFacts = Pick<
  FilesFacts,
  | 'walk'
  | 'fileSystems'
  | 'setIdFiles'
  | 'capabilityFiles'
  | 'worldWritableFiles'
  | 'worldWritableDirectories'
  | 'unowned'
>

const source = 'file walk'
const lists = ['setIdFiles', 'capabilityFiles', 'worldWritableFiles', 'worldWritableDirectories', 'unowned'] as const

/** @param failure why there is no answer; undefined when nobody asked for one */
export function withoutWalk(failure: Failure | undefined, gaps: Gaps): WalkFacts {
  for (const field of ['fileSystems', ...lists]) gaps.note(field, 'omitted', failure ?? notWalked(source))
  return { walk: 'notWalked' }
}

export function walkFacts(answer: WalkAnswer, gaps: Gaps): WalkFacts {
  noteIncomplete(answer, gaps)
  const capabilityFiles = answer.capabilityFiles && capabilityRows(answer.capabilityFiles, gaps)
  if (!capabilityFiles) {
    const detail = 'neither a module for extended attributes nor getcap here'
    gaps.note('capabilityFiles', 'omitted', { state: 'unavailable', path: source, detail })
  }
  if (!answer.unowned) {
    gaps.note('unowned', 'omitted', { state: 'unavailable', path: source, detail: answer.unownedUnknown })
  }
  const setIdFiles = answer.setIdFiles.map(({ mode, ...row }) => ({
    ...named(row),
    mode: octalMode(mode),
  }))
  notePackages('setIdFiles', setIdFiles, gaps)
  if (capabilityFiles) notePackages('capabilityFiles', capabilityFiles, gaps)
  return {
    walk: answer.complete && answer.unreadable.count === 0 ? 'complete' : 'partial',
    fileSystems: answer.fileSystems,
    setIdFiles,
    ...(capabilityFiles && { capabilityFiles }),
    worldWritableFiles: answer.worldWritableFiles,
    worldWritableDirectories: answer.worldWritableDirectories,
    ...(answer.unowned && { unowned: answer.unowned }),
  }
}

function noteIncomplete({ complete, reason, unreadable, cut }: WalkAnswer, gaps: Gaps): void {
  for (const field of lists) {
    if (!complete) {
      const failure = { state: reason === 'time' ? 'timedOut' : 'tooLarge', path: source } as const
      gaps.note(field, 'incomplete', { ...failure, detail: `over the limit of ${reason}` })
    }
    if (unreadable.count > 0) {
      const more = unreadable.count > 1 ? `, and ${unreadable.count - 1} more directories` : ''
      const detail = `${unreadable.detail}${more}`
      gaps.note(field, 'incomplete', { state: 'unreadable', path: unreadable.path, detail })
    }
    if (cut.includes(field)) {
      gaps.note(field, 'incomplete', {
        state: 'tooLarge',
        path: `${source}: ${field}`,
        detail: 'over the limit of rows',
      })
    }
  }
}

type CapabilityRow = NonNullable<FilesFacts['capabilityFiles']>[number]

function capabilityRows(files: NonNullable<WalkAnswer['capabilityFiles']>, gaps: Gaps): CapabilityRow[] {
  const rows: CapabilityRow[] = []
  for (const { capability, ...file } of files) {
    const parsed = parseFileCapability(Buffer.from(capability, 'hex'))
    if (parsed) {
      const { permitted, inheritable, effective, rootUid } = parsed
      rows.push({ ...named(file), permitted: [...permitted], inheritable: [...inheritable], effective, rootUid })
    } else {
      gaps.add({
        ...{ field: 'capabilityFiles', effect: 'incomplete', source: file.path, state: 'malformed' },
        detail: 'security.capability of an unknown version',
      })
    }
  }
  return rows
}

/** An optional field of a schema may be left out, and may not be undefined. */
function named<T extends { readonly package?: string | undefined }>({ package: name, ...row }: T) {
  return { ...row, ...(name !== undefined && { package: name }) }
}

function notePackages(field: string, rows: readonly { readonly package?: string | undefined }[], gaps: Gaps): void {
  if (rows.every(row => row.package !== undefined)) return
  const detail = 'only the file lists of dpkg and apk are read'
  gaps.note(`${field}.package`, 'omitted', { state: 'unavailable', path: 'package database', detail })
}
