// The host's credential in the agent's state directory: one file, replaced whole, readable by its owner only.
import { X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { errnoOf, GabionError } from '../../runtime/errors.ts'
import { writeFileDurably } from '../../runtime/write-file.ts'

const CredentialSchema = z.strictObject({
  hostId: z.string().min(1),
  /** HOST:PORT of the listener for enrolled hosts */
  endpoint: z.string().min(3),
  /** PKCS #8, PEM */
  key: z.string().min(1),
  /** PEM, the host's own first */
  certificates: z.string().min(1),
  /** PEM of the CAs to verify the collector by */
  authorities: z.string().min(1),
})
export type Credential = z.infer<typeof CredentialSchema>

/** What was asked for and not answered yet: asking again needs the same key and request. */
const PendingSchema = z.strictObject({
  tokenId: z.string().min(1),
  requestId: z.string().min(16),
  key: z.string().min(1),
  /** PKCS #10 in DER, base64 */
  request: z.string().min(1),
})
export type PendingEnrollment = z.infer<typeof PendingSchema>

const credentialPath = (directory: string) => join(directory, 'credential.json')
const pendingPath = (directory: string) => join(directory, 'enrollment.json')

/** @returns undefined when the host is not enrolled. @throws GabionError `state_directory` when the file is damaged */
export function readCredential(directory: string): Credential | undefined {
  const credential = read(credentialPath(directory), CredentialSchema)
  if (!credential) return undefined
  try {
    new X509Certificate(credential.certificates)
    return credential
  } catch (cause) {
    const path = credentialPath(directory)
    throw new GabionError('state_directory', `${path}: holds no certificate; enroll this host again`, { cause })
  }
}

export function readPending(directory: string): PendingEnrollment | undefined {
  return read(pendingPath(directory), PendingSchema)
}

export function writePending(directory: string, pending: PendingEnrollment): void {
  write(pendingPath(directory), directory, pending)
}

/** The pending request goes only after the credential is on disk. */
export function writeCredential(directory: string, credential: Credential): void {
  write(credentialPath(directory), directory, credential)
  rmSync(pendingPath(directory), { force: true })
}

/** When a credential ends and when it is to be renewed: at two thirds of its life. */
export function lifeOf({ certificates }: Credential): { readonly endsAtMs: number; readonly renewAtMs: number } {
  const { validFrom, validTo } = new X509Certificate(certificates)
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)]
  return { endsAtMs: to, renewAtMs: from + ((to - from) * 2) / 3 }
}

function read<T extends z.ZodType>(path: string, schema: T): z.infer<T> | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return undefined
    throw new GabionError('state_directory', `${path}: cannot be read (${errnoOf(cause)})`, { cause })
  }
  try {
    return schema.parse(JSON.parse(text))
  } catch {
    // The reason would quote the file, and the file holds a key.
    throw new GabionError('state_directory', `${path}: is damaged; remove it and enroll this host again`)
  }
}

function write(path: string, directory: string, value: Credential | PendingEnrollment): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    writeFileDurably(path, `${JSON.stringify(value, null, 2)}\n`, 0o600)
  } catch (cause) {
    throw new GabionError('state_directory', `${path}: cannot be written (${errnoOf(cause)})`, { cause })
  }
}
