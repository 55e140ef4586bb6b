// The text of an API token: made once, shown once, recognized by its form.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { StoredApiToken } from '../../store/access-records.ts'

const shape = /^gabion_(?<id>[0-9a-f]{10})_(?<secret>[0-9a-f]{64})$/

export interface NewSecret {
  readonly id: string
  /** `gabion_ID_SECRET`, to be shown once */
  readonly text: string
  /** what is kept of it */
  readonly secretHash: string
}

/** 256 random bits: a plain hash of them cannot be turned back. */
export function newApiToken(): NewSecret {
  const id = randomBytes(5).toString('hex')
  const secret = randomBytes(32).toString('hex')
  return { id, text: `gabion_${id}_${secret}`, secretHash: hashText(secret) }
}

/** Undefined for what is no API token by its form. */
export function parseApiToken(text: string): { readonly id: string; readonly secret: string } | undefined {
  const groups = shape.exec(text)?.groups
  return groups && { id: groups['id'] ?? '', secret: groups['secret'] ?? '' }
}

/** In the same time whether or not there is such a token. */
export function isSecretOf(secret: string, token: StoredApiToken | undefined): token is StoredApiToken {
  const [shown, kept] = [Buffer.from(hashText(secret)), Buffer.from(token?.secretHash ?? hashText(''))]
  return shown.length === kept.length && timingSafeEqual(shown, kept) && token !== undefined
}

/** sha256:<hex> of a text with enough randomness in it. */
export const hashText = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
