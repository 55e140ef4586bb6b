// Reads the headers out of `Packages.db`, the format ndb in which SUSE's rpm keeps its database.
import { type ByteSource, createAllowance, MalformedBytes, maxBlobBytes, pieceOf, slice } from './byte-source.ts'

const pageBytes = 4096
const slotBytes = 16
const blockBytes = 16
const blobHeadBytes = 16
/** Words of four letters, least significant byte first. */
const magics = { file: 'RpmP', slot: 'Slot', blob: 'BlbS' } as const
/** A database with a million packages has fewer. */
const maxSlotPages = 4096

/**
 * The first pages are slots of 16 bytes: magic, number of the package, and where its blob is in blocks of 16 bytes. The
 * first two slots hold the head of the file. A slot whose blob is at 0 is free. rpm: lib/backend/ndb/rpmpkg.c
 *
 * @throws MalformedBytes
 */
export function* ndbBlobs(source: ByteSource): Generator<Uint8Array> {
  const head = pieceOf(source, 0, 2 * slotBytes)
  if (word(head, 0) !== magics.file) throw new MalformedBytes('is no file of ndb')
  if (head.getUint32(4, true) !== 0) throw new MalformedBytes('has a version of ndb that is not known')
  const slotPages = head.getUint32(12, true)
  if (slotPages > maxSlotPages) throw new MalformedBytes('has too many slots')
  const allow = createAllowance(source.sizeBytes)
  for (let page = 0; page < slotPages; page += 1) {
    const slots = pieceOf(source, page * pageBytes, pageBytes)
    for (let at = page === 0 ? 2 * slotBytes : 0; at < pageBytes; at += slotBytes) {
      if (word(slots, at) !== magics.slot) throw new MalformedBytes(`page ${page} is not one of slots`)
      const block = slots.getUint32(at + 8, true)
      if (block !== 0) yield blobAt(source, block * blockBytes, slots.getUint32(at + 4, true), allow)
    }
  }
}

function blobAt(source: ByteSource, offset: number, number: number, allow: (length: number) => void): Uint8Array {
  const head = pieceOf(source, offset, blobHeadBytes)
  const isSound = word(head, 0) === magics.blob && head.getUint32(4, true) === number
  const length = head.getUint32(12, true)
  if (!isSound || length > maxBlobBytes) throw new MalformedBytes(`the blob of package ${number} has another head`)
  allow(length)
  return slice(pieceOf(source, offset + blobHeadBytes, length), 0, length)
}

function word(view: DataView, at: number): string {
  return String.fromCharCode(...slice(view, at, 4))
}
