// Writes the first message of a TLS client that offers one version and some cipher suites.

/** In order: X25519, P-256, P-384, P-521. */
const groups = [0x001d, 0x0017, 0x0018, 0x0019]
/** RSA-PSS, ECDSA and RSA with SHA-2, Ed25519, then those with SHA-1: what is asked for here must not be the obstacle. */
const signatures = [0x0804, 0x0805, 0x0806, 0x0403, 0x0503, 0x0603, 0x0401, 0x0501, 0x0601, 0x0807, 0x0203, 0x0201]

/** @param version such as 0x0303 for TLS 1.2; TLS 1.3 is offered without a key, so that the server says which it wants */
export function tlsClientHello(version: number, cipherSuites: readonly number[], random: Uint8Array): Uint8Array {
  const isTls13 = version > 0x0303
  const extensions = [
    extension(0x000a, sized(2, uint16s(groups))),
    extension(0x000b, [1, 0]),
    extension(0x000d, sized(2, uint16s(signatures))),
    extension(0x0017, []),
    extension(0xff01, [0]),
    ...(isTls13 ? [extension(0x002b, sized(1, uint16s([version]))), extension(0x0033, sized(2, []))] : []),
  ].flat()
  const body = [
    ...uint16s([Math.min(version, 0x0303)]),
    ...random.subarray(0, 32),
    0,
    ...sized(2, uint16s(cipherSuites)),
    ...[1, 0],
    ...sized(2, extensions),
  ]
  const handshake = [1, ...sized(3, body)]
  return Uint8Array.from([22, 3, 1, ...sized(2, handshake)])
}

function extension(kind: number, body: readonly number[]): readonly number[] {
  return [...uint16s([kind]), ...sized(2, body)]
}

/** The bytes with their count in front, in that many bytes. */
function sized(width: number, bytes: readonly number[]): readonly number[] {
  const length = Array.from({ length: width }, (_, index) => (bytes.length >> (8 * (width - 1 - index))) & 0xff)
  return [...length, ...bytes]
}

const uint16s = (values: readonly number[]) => values.flatMap(value => [value >> 8, value & 0xff])
