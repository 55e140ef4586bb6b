// The pin of the CA that hosts find in the chain which the collector shows: how newcomers know it.
import type { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { certificatePin, certificatesOf } from '../../../runtime/certificate-pin.ts'
import { errnoOf, GabionError, messageOf, usageError } from '../../../runtime/errors.ts'
import type { Authority } from './authority.ts'
import type { CertificateFiles } from './server-certificate.ts'

/**
 * @param files a certificate that somebody else issues, instead of one of ours
 * @throws GabionError when hosts could not know that certificate by a pin
 */
export function enrollmentPin(
  own: Pick<Authority, 'pin'>,
  files: CertificateFiles | undefined,
  authoritiesFile: string | undefined,
): string {
  if (!files) return own.pin
  if (authoritiesFile === undefined) {
    throw usageError('tlsCaFile: is needed beside tlsCertFile, for hosts to know the collector by')
  }
  const shown = readCertificates(files.certificate)
  const authority = readCertificates(authoritiesFile).find(ca => shown.some(each => each.raw.equals(ca.raw)))
  if (authority) return certificatePin(authority)
  throw usageError(
    `${files.certificate}: its chain holds no certificate of ${authoritiesFile}; append the CA, so that hosts find it`,
  )
}

function readCertificates(path: string): readonly X509Certificate[] {
  try {
    return certificatesOf(readFileSync(path, 'utf8'))
  } catch (cause) {
    throw new GabionError('config', `${path}: cannot be read as certificates (${errnoOf(cause) || messageOf(cause)})`, {
      cause,
    })
  }
}
