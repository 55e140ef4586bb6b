// Names of what is asked of a host's ports, as outcomes and recordings have them.
import { isIP } from 'node:net'
import type { ConfigzQuestion, HttpProbe, TlsProbe } from './host.ts'

const bracketed = (address: string) => (isIP(address) === 6 ? `[${address}]` : address)

/** `https://127.0.0.1:10250/pods` */
export function probeUrl({ address, port, tls, path }: HttpProbe): string {
  return `${tls ? 'https' : 'http'}://${bracketed(address)}:${port}${path}`
}

/** `tls://127.0.0.1:10250` */
export function tlsUrl({ address, port }: TlsProbe): string {
  return `tls://${bracketed(address)}:${port}`
}

/** `https://127.0.0.1:10250/configz` */
export function configzUrl({ address, port }: ConfigzQuestion): string {
  return probeUrl({ address, port, tls: true, path: '/configz' })
}
