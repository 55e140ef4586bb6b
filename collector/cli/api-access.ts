// Who may use the API and how it is reached, from the settings.
import { hostname } from 'node:os'
import { usageError } from '../../runtime/errors.ts'
import type { CollectorConfig } from '../collector-config.ts'
import { isLoopback, parseListenAddress } from '../listen-address.ts'
import type { ApiAccess } from '../open-api.ts'
import { advertisedNames } from './settings.ts'

/** Requests that may come at once, for each that is answered a second. */
const burstFactor = 4

/** @throws GabionError with code `usage` */
export function apiAccess(config: CollectorConfig): ApiAccess {
  const { insecureLoopback, httpHost, httpTls, httpBehindProxy, httpNames, apiRate, metricsAddress } = config
  if (httpTls && httpBehindProxy) throw usageError('--http-tls, --http-behind-proxy: one of them says where TLS ends')
  const isTls = httpTls || (!isLoopback(httpHost) && !httpBehindProxy && !insecureLoopback)
  const metrics = metricsAddress === '' ? undefined : parseListenAddress(metricsAddress)
  if (metricsAddress !== '' && !metrics)
    throw usageError('--metrics-address: expected HOST:PORT such as 127.0.0.1:9090')
  const names = httpNames.length > 0 ? httpNames : [...advertisedNames(config), hostname()]
  return {
    isOpen: insecureLoopback,
    isBehindProxy: httpBehindProxy,
    names: [...new Set([...names, 'localhost', '127.0.0.1', '::1'])],
    ...(isTls && { tls: { minVersion: `TLSv${config.httpTlsMin}`, certificate: certificateOf(config) } }),
    ...(metrics && { metrics }),
    ...(apiRate > 0 && { rate: { perSecond: apiRate, burst: apiRate * burstFactor } }),
  }
}

/** One for the API alone goes over the one that agents know. */
function certificateOf({ httpCertFile, httpKeyFile, tlsCertFile, tlsKeyFile }: CollectorConfig) {
  if ((httpCertFile === '') !== (httpKeyFile === '')) {
    throw usageError('--http-cert-file and --http-key-file go together')
  }
  if (httpCertFile !== '') return { certificate: httpCertFile, key: httpKeyFile }
  return tlsCertFile === '' ? 'own' : { certificate: tlsCertFile, key: tlsKeyFile }
}
