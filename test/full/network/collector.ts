// The collector at one end of the cable: TLS, a token to enroll with, and answers to its parent about what came.
import { openAuthority } from '../../../collector/auth/pki/authority.ts'
import { startCollector } from '../../../collector/collector.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { formatEnrollmentString } from '../../../runtime/enrollment-string.ts'
import { silentLog } from '../../../runtime/log.ts'
import { addToken } from '../../collector/raw-enrollment.ts'
import { smallCatalog } from '../../collector/small-catalog.ts'
import { SmallFacet } from '../../small-facet.ts'
import { smallStateOf } from '../../small-uplink.ts'
import { ends } from './namespaces.ts'

const [dataDirectory = ''] = process.argv.slice(2)
const collector = await startCollector({
  ...{ http: { host: '127.0.0.1', port: 8080 }, api: { isOpen: true, names: [] }, dataDirectory },
  ...{ catalog: smallCatalog(), facets: [SmallFacet], clock: systemClock, log: silentLog },
  grpc: { host: ends.collector, port: 50_051 },
  tls: { enrolled: { host: ends.collector, port: 50_052 }, names: [ends.collector] },
})
const secret = (await addToken(collector.store)).toString('hex')
const { pin } = await openAuthority(dataDirectory, systemClock)
process.on('message', (value: number) => {
  void collector.store.read
    .bodyHead(smallStateOf(value).digest)
    .then(found => process.send?.({ value, isHere: !!found }))
})
process.on('SIGTERM', () => void collector.close().then(() => process.disconnect()))
process.send?.(formatEnrollmentString({ endpoint: collector.grpcAddress, pin, tokenId: 'tok1', secret }))
