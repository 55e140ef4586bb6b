// Reads the type and size of a public key in the format of RFC 4253 section 6.6, as ssh-keygen writes it to `.pub`.

export interface PublicKey {
  /** such as ssh-ed25519 */
  readonly type: string
  /** of the modulus for RSA and DSA, of the curve else; 0 when it cannot be told */
  readonly bits: number
}

const curveBits: Readonly<Record<string, number>> = {
  'ssh-ed25519': 256,
  'sk-ssh-ed25519@openssh.com': 256,
  'ecdsa-sha2-nistp256': 256,
  'sk-ecdsa-sha2-nistp256@openssh.com': 256,
  'ecdsa-sha2-nistp384': 384,
  'ecdsa-sha2-nistp521': 521,
}
/** Place of the modulus after the type: RSA has its exponent before it. */
const modulusField: Readonly<Record<string, number>> = { 'ssh-rsa': 1, 'ssh-dss': 0 }

/** Undefined when the line is no key of a type that OpenSSH knows. */
export function parseSshPublicKey(text: string): PublicKey | undefined {
  const [, type = '', body = ''] = /^([a-z0-9@.-]{1,60})[ \t]+([A-Za-z0-9+/]{8,16384}={0,2})(?:\s|$)/.exec(text) ?? []
  const bytes = decodeBase64(body)
  const name = bytes && fieldAt(bytes, 0)
  if (!bytes || !name || new TextDecoder().decode(name.value) !== type) return undefined
  if (Object.hasOwn(curveBits, type)) return { type, bits: curveBits[type] ?? 0 }
  if (!Object.hasOwn(modulusField, type)) return undefined
  let field = fieldAt(bytes, name.end)
  for (let skip = modulusField[type] ?? 0; skip > 0 && field; skip -= 1) field = fieldAt(bytes, field.end)
  return { type, bits: field ? bitLength(field.value) : 0 }
}

function decodeBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), char => char.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** A length of four bytes and as many bytes after it. */
function fieldAt(bytes: Uint8Array, start: number): { readonly value: Uint8Array; readonly end: number } | undefined {
  if (start + 4 > bytes.length) return undefined
  const length = new DataView(bytes.buffer, bytes.byteOffset + start, 4).getUint32(0)
  const end = start + 4 + length
  return end > bytes.length ? undefined : { value: bytes.subarray(start + 4, end), end }
}

/** Of a number in the order of the network; a zero before it only keeps it positive. */
function bitLength(value: Uint8Array): number {
  const first = value.findIndex(byte => byte !== 0)
  if (first < 0) return 0
  return (value.length - first) * 8 - Math.clz32((value[first] ?? 0) << 24)
}
