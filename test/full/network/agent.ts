// The agent at the other end: enrolls, then changes all the time; tells its parent of each change and of each broken stream.
import { enrolledChannel } from '../../../agent/uplink/channel.ts'
import { enroll } from '../../../agent/uplink/enroll.ts'
import { systemClock } from '../../../runtime/clock.ts'
import { parseEnrollmentString } from '../../../runtime/enrollment-string.ts'
import { silentLog } from '../../../runtime/log.ts'
import { startSmallUplink } from '../../small-uplink.ts'

/** What the agent tells, in the order in which it happened. */
export type AgentEvent = { readonly changed: number } | { readonly ended: string } | { readonly heard: Wish }

/** What its parent wants of the host. */
export type Wish = 'idle' | 'busy'

const [stateDirectory = '', enrollmentString = ''] = process.argv.slice(2)
await enroll({
  ...{ target: parseEnrollmentString(enrollmentString), stateDirectory, clock: systemClock, patienceMs: 10_000 },
  ...{ attributes: { hostname: 'h', machineId: '', bootId: '' }, onWait: () => undefined },
})
const tell = (event: AgentEvent) => void process.send?.(event)
const uplink = startSmallUplink({
  ...{ directory: stateDirectory, openChannel: enrolledChannel(stateDirectory), keepaliveMs: 1_500 },
  log: {
    ...silentLog,
    warn: (_, fields) => tell({ ended: String(fields?.['reason']) }),
  },
})
let isIdle = false
const timer = setInterval(() => {
  if (!isIdle && uplink.outbox.size < 40) tell({ changed: uplink.change() })
}, 10)
process.on('message', (wish: Wish) => {
  isIdle = wish === 'idle'
  tell({ heard: wish })
})
process.on('SIGTERM', () => {
  clearInterval(timer)
  void uplink.stop().then(() => process.disconnect())
})
