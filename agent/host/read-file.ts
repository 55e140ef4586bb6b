// Reads one regular file through a descriptor that pins it, up to a limit.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { kindOf, notRegular, tooLarge } from './failure.ts'
import type { Failure } from './host.ts'
import { O_PATH } from './resolve.ts'

const readFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
const scratch = Buffer.allocUnsafeSlow(64 * 1024)

/**
 * Reads the file at `entry`. It is first pinned without being opened, so that what is opened afterwards is certainly
 * the regular file that was looked at: opening a device or FIFO that was swapped in would have effects of its own.
 * @param asked the path of the answer
 */
export function readPinned(entry: string | Buffer, asked: string, maxBytes: number): Buffer | Failure {
  const pin = openSync(entry, O_PATH | constants.O_NOFOLLOW)
  try {
    const stats = fstatSync(pin)
    if (!stats.isFile()) return notRegular(asked, kindOf(stats))
    if (stats.size > maxBytes) return tooLarge(asked, `${maxBytes} bytes`)
    return readWhole(`/proc/self/fd/${pin}`, readFlags, asked, maxBytes)
  } finally {
    closeSync(pin)
  }
}

/** Opens the file at `entry` as `readPinned` does and leaves it open: the descriptor is the caller's. */
export function openPinned(entry: string | Buffer, asked: string): number | Failure {
  const pin = openSync(entry, O_PATH | constants.O_NOFOLLOW)
  try {
    const stats = fstatSync(pin)
    return stats.isFile() ? openSync(`/proc/self/fd/${pin}`, readFlags) : notRegular(asked, kindOf(stats))
  } finally {
    closeSync(pin)
  }
}

/** Up to `length` bytes at an offset, fewer where the file ends. */
export function readPiece(
  descriptor: number,
  offset: number,
  length: number,
  into: Uint8Array = Buffer.allocUnsafe(length),
): Uint8Array {
  const piece = into.subarray(0, length)
  let filled = 0
  while (filled < length) {
    const count = readSync(descriptor, piece, filled, length - filled, offset + filled)
    if (count === 0) break
    filled += count
  }
  return piece.subarray(0, filled)
}

/** Reads a file of procfs or sysfs, whose sizes mean nothing, straight by its path. @throws ELOOP for a symbolic link */
export function readKernelFile(file: string, asked: string, maxBytes: number): Buffer | Failure {
  return readWhole(file, readFlags | constants.O_NOFOLLOW, asked, maxBytes)
}

function readWhole(file: string, flags: number, asked: string, maxBytes: number): Buffer | Failure {
  const descriptor = openSync(file, flags)
  try {
    return readDescriptor(descriptor, maxBytes) ?? tooLarge(asked, `${maxBytes} bytes`)
  } finally {
    closeSync(descriptor)
  }
}

/** Reads to the end; undefined when there is more than `maxBytes`, however much of it grew meanwhile. */
function readDescriptor(descriptor: number, maxBytes: number): Buffer | undefined {
  const chunks: Buffer[] = []
  let length = 0
  for (;;) {
    const count = readSync(descriptor, scratch, 0, Math.min(scratch.length, maxBytes + 1 - length), null)
    if (count === 0) return chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, length)
    length += count
    if (length > maxBytes) return undefined
    chunks.push(Buffer.from(scratch.subarray(0, count)))
  }
}
