// What a ServiceAccount token says of itself, before anybody has verified it.
import * as z from 'zod'

export interface TokenClaims {
  /** `iss`, empty when there is none */
  readonly issuer: string
  /** `aud` */
  readonly audiences: readonly string[]
  /** `exp` in milliseconds since the epoch */
  readonly expiresAtMs: number
}

const ClaimsSchema = z.object({
  iss: z.string().default(''),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
})

/** A header with more is none: gRPC takes 16 KiB of headers. */
const maxTokenCharacters = 16_384

/**
 * Reads the payload of a JSON Web Token (RFC 7519). The signature is not looked at: this only tells whom to ask.
 * @returns undefined when it is no such token
 */
export function unverifiedClaims(token: string): TokenClaims | undefined {
  if (token.length > maxTokenCharacters) return undefined
  const payload = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token)?.[1]
  if (payload === undefined) return undefined
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
  const { data } = ClaimsSchema.safeParse(value)
  if (!data) return undefined
  return { issuer: data.iss, audiences: [data.aud].flat(), expiresAtMs: data.exp * 1000 }
}
