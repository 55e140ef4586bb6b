// What a hostile or broken host may put in place of a file, and how a test puts it there and takes it away again.
import { execFileSync } from 'node:child_process'
import { chmodSync, lstatSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export const mutations = ['absent', 'fifo', 'huge', 'escaping', 'nonUtf8', 'unreadable'] as const
export type Mutation = (typeof mutations)[number]

/** Stands in a file outside the root; no facet may ever hold it. */
export const canary = 'canary-7f3a-outside-the-root'

/** Puts the mutation in place of `root + path`. Returns what puts the file back. */
export function mutate(root: string, path: string, mutation: Mutation, outside: string): () => void {
  const target = join(root, path)
  const aside = `${target}.aside`
  if (mutation === 'unreadable') {
    const { mode } = lstatSync(target)
    chmodSync(target, 0)
    return () => chmodSync(target, mode & 0o7777)
  }
  renameSync(target, aside)
  if (mutation === 'fifo') execFileSync('mkfifo', [target])
  if (mutation === 'huge') {
    writeFileSync(target, '')
    truncateSync(target, 1024 ** 3)
  }
  if (mutation === 'escaping') symlinkSync(relative(dirname(target), outside), target)
  if (mutation === 'nonUtf8') writeFileSync(target, Buffer.from([0x61, 0xff, 0xfe, 0x0a, 0xc3, 0x28, 0x00, 0x80, 0x0a]))
  return () => {
    rmSync(target, { force: true })
    renameSync(aside, target)
  }
}
