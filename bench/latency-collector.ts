// The collector of bench/latency.ts: TLS, the whole catalog, a disk; tells its parent where it is and how to enroll.

import { openAuthority } from '../collector/auth/pki/authority.ts'
import { startCollector } from '../collector/collector.ts'
import { catalog } from '../policy/catalog.generated.ts'
import { facets } from '../proto/facets.generated.ts'
import { systemClock } from '../runtime/clock.ts'
import { formatEnrollmentString } from '../runtime/enrollment-string.ts'
import { silentLog } from '../runtime/log.ts'
import { addToken } from '../test/collector/raw-enrollment.ts'

export interface LatencyCollector {
  /** of the API */
  readonly base: string
  readonly enrollmentString: string
}

const [dataDirectory = '', enrolledPort = '0'] = process.argv.slice(2)
const local = { host: '127.0.0.1', port: 0 }
const enrolled = { ...local, port: Number(enrolledPort) }
const collector = await startCollector({
  ...{ http: local, grpc: local, dataDirectory, catalog, facets, clock: systemClock, log: silentLog },
  api: { isOpen: true, names: [] },
  tls: { enrolled, names: ['127.0.0.1'], endpoint: `127.0.0.1:${enrolledPort}` },
})
const secret = (await addToken(collector.store)).toString('hex')
const { pin } = await openAuthority(dataDirectory, systemClock)
const enrollmentString = formatEnrollmentString({ endpoint: collector.grpcAddress, pin, tokenId: 'tok1', secret })
const where: LatencyCollector = { base: `http://${collector.httpAddress}`, enrollmentString }
process.send?.(where)
process.on('disconnect', () => void collector.close())
