// Tests of what chains of the packet filter have in common: the targets after which a packet goes on.
import t from 'tap'
import { passingTargets } from '../../../agent/parse/firewall-chain.ts'

t.test('targets that only note or change something let a packet go on, those that decide do not', async t => {
  // iptables-extensions(8), the targets that return XT_CONTINUE.
  const passing =
    `AUDIT CHECKSUM CLASSIFY CONNMARK CONNSECMARK CT DSCP ECN HL HMARK IDLETIMER LED LOG MARK NFLOG NOTRACK
    RATEEST SECMARK SET TCPMSS TCPOPTSTRIP TEE TOS TRACE TTL ULOG`.split(/\s+/)
  for (const target of passing) t.equal(passingTargets.has(target), true, target)
  for (const target of [
    'ACCEPT',
    'DROP',
    'REJECT',
    'RETURN',
    'QUEUE',
    'NFQUEUE',
    'DNAT',
    'SNAT',
    'SYNPROXY',
    'TPROXY',
    '',
  ])
    t.equal(passingTargets.has(target), false, target)
})
