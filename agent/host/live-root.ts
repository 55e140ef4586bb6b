// Tells whether a root is the running system's own, and which of its /proc and /sys are the kernel's.
import { lstatSync, readFileSync, readlinkSync, statfsSync } from 'node:fs'

/** f_type of statfs(2), linux/magic.h */
const procMagic = 0x9fa0
const sysfsMagic = 0x62656572
const bootId = 'sys/kernel/random/boot_id'

/** Live: its /proc is procfs and says the boot id that our own /proc says. */
export function isLiveRoot(root: string): boolean {
  if (!isKernelMount(root, 'proc')) return false
  const theirs = firstLine(`${root}/proc/${bootId}`)
  return theirs !== '' && theirs === firstLine(`/proc/${bootId}`)
}

/** Whether `/proc` or `/sys` of this root is procfs or sysfs itself. */
export function isKernelMount(root: string, name: 'proc' | 'sys'): boolean {
  try {
    // A link would lead to our own /proc: an image is not live because it says so.
    if (!lstatSync(`${root}/${name}`).isDirectory()) return false
    return statfsSync(`${root}/${name}`).type === (name === 'proc' ? procMagic : sysfsMagic)
  } catch {
    return false
  }
}

/**
 * Whether the agent shares the host's network namespace, so that its own loopback is the host's.
 * Without the right to look, only an agent on the real root is taken to.
 */
export function sharesNetwork(root: string): boolean {
  try {
    return readlinkSync(`${root}/proc/1/ns/net`) === readlinkSync('/proc/self/ns/net')
  } catch {
    return root === '' || root === '/'
  }
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
